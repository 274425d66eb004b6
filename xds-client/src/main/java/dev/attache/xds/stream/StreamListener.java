package dev.attache.xds.stream;

import io.grpc.Status;

/** The receiving side of an open stream. Called on the main loop. */
public interface StreamListener<R> {

    /** The stream has become ready to send: after it was opened, or after being congested. */
    void onReady();

    void onMessage(R message);

    /** The stream has ended, by the peer, by an error, or because it could not be opened. */
    void onClosed(Status status);
}
