package dev.attache.proxy.connection;

/** Why a connection is gone. */
public enum ConnectionEvent {
    REMOTE_CLOSE,
    /** The peer's RST, or an I/O error of the socket. */
    REMOTE_RESET,
    LOCAL_CLOSE
}
