package dev.attache.proxy.sink;

import dev.attache.proxy.stats.SampleListener;
import org.jspecify.annotations.Nullable;

/** A receiver of statistics. Closed once, after its last flush. */
public interface StatsSink extends AutoCloseable {

    /** Takes what there is to tell; on the flush thread, which it may keep for a while. */
    void flush(StatsSnapshot snapshot);

    /** Who wants each value of each histogram when it is recorded; null: nobody. */
    default @Nullable SampleListener samples() {
        return null;
    }

    @Override
    void close();
}
