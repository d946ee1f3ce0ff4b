/**
 * What the widget says, in English and Arabic, and how a page changes it. `{name}` stands for a
 * value that is filled in.
 */

/** @typedef {Record<string, string>} Texts */

/** @type {Texts} */
const EN = {
  launcher: "Ask the sources",
  title: "Ask the sources",
  intro: "Every sentence of an answer is backed by a quote that was checked in its source.",
  label: "Your question",
  placeholder: "Ask a question",
  follow: "Ask a follow-up question",
  send: "Ask",
  stop: "Stop",
  close: "Close",
  fresh: "New conversation",
  examples: "For example",
  earlier: "Show earlier questions",
  conversation: "Conversation",
  searching: "Searching the sources",
  reading: "Reading {count} sources",
  ready: "The answer is complete. Notes: {count}.",
  notes: "Notes",
  note: "Note {marker}: {source}, {date}",
  unnamed: "Unnamed source",
  undated: "undated",
  page: "p. {page}",
  open: "Read it in its source",
  original: "Original",
  same: "The same text in",
  yes: "Yes",
  no: "No",
  disagree: "The sources disagree",
  refused: "The sources do not answer this.",
  refused_no_documents: "There are no documents to answer from yet.",
  refused_no_evidence: "Nothing in the sources speaks to this.",
  refused_weak_evidence: "The sources come near this question, but do not answer it.",
  refused_language:
    "The sources are in another language than the question, or in one that is not known here. Ask in the language of the sources.",
  refused_draft_unsupported: "An answer was drafted, but the sources did not bear it out.",
  refused_model_unavailable: "The language model could not be reached. Try again in a while.",
  nearest: "Nearest in the sources",
  partial: "This is only part of an answer.",
  partial_model_unavailable: "The language model could not be reached; these are quotes instead.",
  partial_draft_unsupported: "Part of the draft was left out: the sources did not bear it out.",
  dropped: "Left out, because the check failed: {count}",
  quoted: "The quotes are word for word from the sources",
  written: "Written by {model}; each sentence checked against its source",
  copy: "Copy",
  copied: "Copied",
  retry: "Ask again",
  up: "This answer helped",
  down: "This answer did not help",
  thanks: "Thank you. Your rating is kept.",
  unrated: "The rating could not be sent.",
  stopped: "You stopped this answer.",
  cut_off: "The connection was lost before the answer was complete. What stands here was checked.",
  unreachable: "The service cannot be reached. Check the connection, then ask again.",
  cross_origin: "This page may not ask here. The service’s operator can allow it.",
  rate_limited: "Too many questions in a short time. Wait a moment, then ask again.",
  unreadable: "The service gave an answer that cannot be read. Ask again.",
  failed: "The question could not be answered. Ask again.",
};

/** @type {Texts} */
const AR = {
  launcher: "اسأل المصادر",
  title: "اسأل المصادر",
  intro: "كل جملة في الإجابة يسندها اقتباس جرى التحقق منه في مصدره.",
  label: "سؤالك",
  placeholder: "اطرح سؤالاً",
  follow: "اطرح سؤالاً آخر",
  send: "اسأل",
  stop: "إيقاف",
  close: "إغلاق",
  fresh: "محادثة جديدة",
  examples: "أمثلة",
  earlier: "إظهار الأسئلة السابقة",
  conversation: "المحادثة",
  searching: "جارٍ البحث في المصادر",
  reading: "جارٍ قراءة المصادر، وعددها {count}",
  ready: "اكتملت الإجابة. عدد الحواشي: {count}.",
  notes: "الحواشي",
  note: "حاشية {marker}: {source}، {date}",
  unnamed: "مصدر غير مسمّى",
  undated: "بلا تاريخ",
  page: "ص {page}",
  open: "اقرأه في مصدره",
  original: "الأصل",
  same: "النص نفسه في",
  yes: "نعم",
  no: "لا",
  disagree: "المصادر مختلفة فيما بينها",
  refused: "المصادر لا تجيب عن هذا السؤال.",
  refused_no_documents: "لا توجد وثائق للإجابة منها بعد.",
  refused_no_evidence: "لا شيء في المصادر يتناول هذا السؤال.",
  refused_weak_evidence: "في المصادر ما يقرب من هذا السؤال، لكنها لا تجيب عنه.",
  refused_language: "المصادر بلغة غير لغة السؤال، أو بلغة غير معروفة هنا. اطرح السؤال بلغة المصادر.",
  refused_draft_unsupported: "صيغت إجابة، لكن المصادر لم تؤيدها.",
  refused_model_unavailable: "تعذّر الوصول إلى النموذج اللغوي. حاول بعد قليل.",
  nearest: "الأقرب في المصادر",
  partial: "هذا جزء من الإجابة فقط.",
  partial_model_unavailable: "تعذّر الوصول إلى النموذج اللغوي؛ هذه اقتباسات بدلاً من ذلك.",
  partial_draft_unsupported: "حُذف جزء من المسودة لأن المصادر لم تؤيده.",
  dropped: "حُذف لأنه لم يجتز التحقق: {count}",
  quoted: "الاقتباسات حرفية من المصادر",
  written: "كتبه {model}؛ وجرى التحقق من كل جملة في مصدرها",
  copy: "نسخ",
  copied: "نُسخ",
  retry: "اسأل من جديد",
  up: "إجابة مفيدة",
  down: "إجابة غير مفيدة",
  thanks: "شكراً. حُفظ تقييمك.",
  unrated: "تعذّر إرسال التقييم.",
  stopped: "أوقفتَ هذه الإجابة.",
  cut_off: "انقطع الاتصال قبل اكتمال الإجابة. ما يظهر هنا جرى التحقق منه.",
  unreachable: "تعذّر الوصول إلى الخدمة. تحقق من الاتصال ثم اسأل من جديد.",
  cross_origin: "لا يُسمح لهذه الصفحة بالسؤال هنا. يستطيع مشغّل الخدمة السماح بذلك.",
  rate_limited: "أسئلة كثيرة في وقت قصير. انتظر لحظة ثم اسأل من جديد.",
  unreadable: "أرسلت الخدمة إجابة لا تمكن قراءتها. اسأل من جديد.",
  failed: "تعذّرت الإجابة عن السؤال. اسأل من جديد.",
};

/** @type {Record<string, Texts>} */
const LANGUAGES = { en: EN, ar: AR };
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "ps", "ckb", "sd", "yi"]);

/**
 * Return the texts for a language, with a page's own in front of ours.
 *
 * @param {string} language A language tag.
 * @param {Texts} own
 * @returns {Texts}
 */
export function textsFor(language, own) {
  return { ...EN, ...LANGUAGES[primary(language)], ...own };
}

/**
 * Read the texts that a page gives: `text-…` attributes before a JSON block in the element.
 *
 * @param {Element} element
 * @returns {Texts}
 */
export function ownTexts(element) {
  /** @type {Texts} */
  const own = {};
  const block = element.querySelector(":scope > script[type='application/json']");
  if (block?.textContent) {
    try {
      for (const [name, text] of Object.entries(JSON.parse(block.textContent))) {
        if (typeof text === "string") own[name] = text;
      }
    } catch {
      console.warn("footnote-chat: the JSON block with texts cannot be read");
    }
  }
  for (const { name, value } of element.attributes) {
    if (name.startsWith("text-")) own[name.slice(5).replaceAll("-", "_")] = value;
  }
  return own;
}

/**
 * @param {string} template
 * @param {Record<string, string | number>} values
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} language */
export function isRightToLeft(language) {
  return RIGHT_TO_LEFT.has(primary(language));
}

/** @param {string} language */
function primary(language) {
  return language.toLowerCase().split("-")[0];
}

/**
 * Return a day such as `2025-09-30` as people write it.
 *
 * @param {string | null} day
 * @param {string} language
 * @returns {string | null}
 */
export function longDay(day, language) {
  const parts = /^(\d+)-(\d+)-(\d+)$/.exec(day ?? "");
  if (!parts) return null;
  const date = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  try {
    return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(date);
  } catch {
    return day; // a language tag that the browser cannot read
  }
}
