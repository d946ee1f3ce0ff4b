import socket

import pytest


def test_a_connection_beyond_loopback_is_refused_while_testing() -> None:
    with socket.socket() as plug, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 9))


def test_a_name_look_up_is_refused_while_testing() -> None:
    with pytest.raises(AssertionError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)
