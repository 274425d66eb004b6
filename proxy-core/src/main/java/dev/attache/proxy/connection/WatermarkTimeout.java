package dev.attache.proxy.connection;

import dev.attache.proxy.worker.Timer;

/**
 * {@code per_connection_buffer_high_watermark_timeout}: closes a connection whose peer has left its
 * write buffer above the high watermark for so long. Loop-confined.
 */
final class WatermarkTimeout extends Timer {
    private static final String REASON = "buffer_high_watermark_timeout_reached";

    private final Connection connection;
    private final long millis;

    WatermarkTimeout(Connection connection, long millis) {
        this.connection = connection;
        this.millis = millis;
    }

    void onWatermark(boolean above) {
        if (above) {
            connection.worker().timers().schedule(this, millis);
        } else {
            cancel();
        }
    }

    @Override
    protected void expire() {
        connection.closeFor(CloseType.NO_FLUSH, REASON);
    }
}
