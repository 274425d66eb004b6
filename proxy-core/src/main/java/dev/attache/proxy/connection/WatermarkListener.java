package dev.attache.proxy.connection;

/** Told when a buffer passes its high watermark and when it has drained below the low one. */
public interface WatermarkListener {

    void onAboveHighWatermark();

    void onBelowLowWatermark();
}
