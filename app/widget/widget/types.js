/**
 * The shapes that travel between the service and the widget, for the type checker. Never loaded.
 *
 * @typedef {{
 *   document_id: string, revision: string, title: string, source: string | null,
 *   url: string | null, published_at: string | null, start: number, end: number, quote: string,
 *   page?: number | null,
 * }} Quote
 * @typedef {Quote & { marker: number, copies?: Quote[] }} Citation
 * @typedef {{ text: string, citations: number[], support: "quoted" | "supported" }} Sentence
 * @typedef {{
 *   text: string, citation: number, start: number | null, end: number | null,
 * }} ShortAnswer
 * @typedef {{ claims: { value: string, citations: number[] }[] }} Conflict
 * @typedef {{
 *   document_id: string, title: string, source: string | null, published_at: string | null,
 *   score: number,
 * }} NearestSource
 * @typedef {{
 *   id: string, status: "answered" | "partial" | "refused", reason: string | null,
 *   question: string, answer: string, short?: ShortAnswer | null, sentences: Sentence[], citations: Citation[],
 *   conflicts: Conflict[], dropped: { text: string, why: string }[], sources: NearestSource[],
 *   generator: { kind: "extractive" | "model", model: string | null, prompt: string | null },
 *   timings_ms: Record<string, number>,
 * }} Answer
 * @typedef {{ sentence: Sentence, citations: Citation[] }} Checked
 * @typedef {{ title: string, detail: string, code: string, retryable: boolean }} Problem
 * @typedef {"up" | "down" | null} Rating
 * @typedef {{ role: "user" | "assistant", content: string }} Message
 */

export {};
