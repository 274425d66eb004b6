package dev.attache.proxy.connection;

/**
 * Whether a connection ended in order or by a reset, and whose; Envoy's {@code
 * *_DETECTED_CLOSE_TYPE}.
 */
public enum DetectedClose {
    /** Not closed yet, or by FIN. */
    NORMAL("Normal"),
    LOCAL_RESET("LocalReset"),
    REMOTE_RESET("RemoteReset");

    private final String text;

    DetectedClose(String text) {
        this.text = text;
    }

    /** As access logs write it. */
    public String text() {
        return text;
    }
}
