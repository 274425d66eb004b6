package dev.attache.proxy.network.http.stats;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Envoy's names of connection-manager stats, for whoever lists them without counting them all. */
public final class HttpStatNames {

    private static final List<String> CLASSES =
            Stream.of(1, 2, 3, 4, 5).map(n -> "downstream_rq_" + n + "xx").toList();

    /** Below {@code http.<stat_prefix>.}: everything that any connection manager has. */
    public static final StatFamily CONNECTION_MANAGER =
            StatFamily.builder()
                    .counters(texts(HttpManagerStats.Count.values()))
                    .counters(CLASSES)
                    .gauges(texts(HttpManagerStats.Level.values()))
                    .gauges("downstream_cx_http1_soft_drain")
                    .histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS)
                    .histogram("downstream_rq_time", Histogram.Unit.MILLISECONDS)
                    .build();

    /** Below {@code listener.<address>.http.<stat_prefix>.}. */
    public static final StatFamily OF_LISTENER =
            StatFamily.builder().counters(CLASSES).counters("downstream_rq_completed").build();

    /** Below {@code http.<stat_prefix>.tracing.}; the admin's connection manager has none. */
    static final StatFamily TRACING =
            StatFamily.builder()
                    .counters(
                            "client_enabled",
                            "health_check",
                            "not_traceable",
                            "random_sampling",
                            "service_forced")
                    .build();

    private HttpStatNames() {}

    private static List<String> texts(Enum<?>[] names) {
        return Arrays.stream(names).map(HttpStatNames::text).toList();
    }

    public static String text(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
