package dev.attache.xds.mux;

import dev.attache.xds.MainLoop;
import dev.attache.xds.XdsResource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Time to live of the resources of one type: a resource that came with a TTL and is neither updated
 * nor kept alive by a heartbeat within it is dropped. Main loop only.
 */
final class TtlTimers {

    private final MainLoop loop;
    private final Consumer<String> expired;
    private final Map<String, MainLoop.Timer> timers = new HashMap<>();

    TtlTimers(MainLoop loop, Consumer<String> expired) {
        this.loop = loop;
        this.expired = expired;
    }

    /** Starts, restarts or (no TTL any more) ends the resource's clock. */
    void refresh(XdsResource resource) {
        drop(resource.name());
        if (resource.ttl() == null) {
            return;
        }
        String name = resource.name();
        timers.put(
                name,
                loop.schedule(
                        resource.ttl(),
                        () -> {
                            timers.remove(name);
                            expired.accept(name);
                        }));
    }

    void drop(String name) {
        MainLoop.Timer timer = timers.remove(name);
        if (timer != null) {
            timer.cancel();
        }
    }

    void close() {
        timers.values().forEach(MainLoop.Timer::cancel);
        timers.clear();
    }
}
