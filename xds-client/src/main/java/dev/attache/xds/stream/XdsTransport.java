package dev.attache.xds.stream;

import io.grpc.MethodDescriptor;

/** A way to reach one control plane. Closing it closes its streams. */
public interface XdsTransport extends AutoCloseable {

    /** What the control plane is called in log lines: the cluster's name or the target URI. */
    String name();

    /**
     * Opens a bidirectional stream. It never throws for a peer that cannot be reached: that is
     * reported by {@link StreamListener#onClosed}. Called on the main loop; the listener is called
     * there too, and never before this method returns.
     */
    <Q, R> XdsStream<Q> open(MethodDescriptor<Q, R> method, StreamListener<R> listener);

    @Override
    void close();
}
