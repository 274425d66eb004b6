package dev.attache.xds.stream;

/** The sending side of an open stream. Main loop only. */
public interface XdsStream<Q> {

    /**
     * Whether a message would leave without piling up. {@link StreamListener#onReady} tells when.
     */
    boolean isReady();

    void send(Q message);

    /** Asks for one more message; the transport delivers none that was not asked for. */
    void requestNext();

    /** Ends the stream; the listener hears nothing more. */
    void cancel();
}
