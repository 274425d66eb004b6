package dev.attache.proxy.network.http.request;

/** {@code path_with_escaped_slashes_action}. */
public enum EscapedSlashes {
    KEEP_UNCHANGED,
    REJECT_REQUEST,
    UNESCAPE_AND_REDIRECT,
    UNESCAPE_AND_FORWARD
}
