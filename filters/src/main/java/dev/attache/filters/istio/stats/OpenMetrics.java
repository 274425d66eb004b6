package dev.attache.filters.istio.stats;

import dev.attache.filters.cel.CelExpression;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatLabels;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of one chain on one worker: what streams tell is counted here. Loop-confined.
 *
 * <p>Clients name services where hosts do, and expressions take from requests what they like: the
 * metrics of all chains together are bounded, in number and in text, those beyond are not counted.
 */
final class OpenMetrics {
    private static final Logger LOG = LoggerFactory.getLogger("filter");
    private static final String NAMESPACE = "istiocustom.";
    private static final String BUILD = "istio_build";
    private static final String UNKNOWN = "unknown";

    /** Of the process. One takes about 2 KB. */
    static final int MOST_METRICS = 50_000;

    /** Characters of their names together: what so many of usual length have, and a third more. */
    static final long MOST_TEXT = 1L << 26;

    /** Characters of the labels of one. */
    static final int LONGEST = 1 << 14;

    private final IstioStatsSettings settings;
    private final StatsStore store;
    private final int workerIndex;
    private final StatsStore.Hold hold;
    private final StatsStore.Hold buildHold;
    private final Scope scope;
    private final PeerLabels peers;
    private final SeriesTable table;
    private final @Nullable String[] scratch;
    private int evictions;
    private boolean told;

    OpenMetrics(IstioStatsSettings settings, StatsStore store, int workerIndex) {
        this.settings = settings;
        this.store = store;
        this.workerIndex = workerIndex;
        this.hold = store.evictable(NAMESPACE);
        this.buildHold = store.hold(NAMESPACE + BUILD + ".");
        this.scope = store.scope(NAMESPACE);
        this.peers = new PeerLabels(settings);
        this.table = new SeriesTable(settings.plan().custom().size());
        this.scratch = new @Nullable String[settings.plan().width()];
        this.evictions = store.evictions();
        tellVersion();
    }

    /** {@code istio_build}, which stays while there is such a filter. */
    private void tellVersion() {
        String version = settings.node().version();
        StatLabels labels =
                StatLabels.joined(
                        List.of(
                                new StatLabels.Label("component", "proxy"),
                                new StatLabels.Label(
                                        "tag", version.isEmpty() ? UNKNOWN : version)));
        store.scope(NAMESPACE + BUILD + ".").withoutDot().gauge("", labels).set(1);
    }

    void close() {
        hold.close();
        buildHold.close();
    }

    IstioStatsSettings settings() {
        return settings;
    }

    MetricPlan plan() {
        return settings.plan();
    }

    Scope scope() {
        return scope;
    }

    int workerIndex() {
        return workerIndex;
    }

    PeerLabels peers() {
        return peers;
    }

    /** Values of a stream that are counted before anything else happens; all empty. */
    @Nullable String[] scratch() {
        java.util.Arrays.fill(scratch, null);
        return scratch;
    }

    /** Values that a stream keeps. */
    @Nullable String[] values() {
        return new @Nullable String[scratch.length];
    }

    /** A metric's labels, or null where it is a new one and there are too many. */
    @Nullable StatLabels labels(String statName, LabelRow row, @Nullable String[] values) {
        StatLabels labels = row.labels(values);
        if (hasRoom(labels.suffix().length()) || scope.lists(statName, labels)) {
            return labels;
        }
        if (!told) {
            told = true;
            LOG.warn(
                    "istio.stats: {} metrics of {} characters, new ones are not counted,"
                            + " nor any with labels of more than {}",
                    scope.size(),
                    scope.labelledText(),
                    LONGEST);
        }
        return null;
    }

    private boolean hasRoom(int characters) {
        return characters <= LONGEST
                && scope.size() < MOST_METRICS
                && scope.labelledText() + characters <= MOST_TEXT;
    }

    /** Evaluates the expressions of labels; an error is {@code unknown}. */
    void evaluate(@Nullable String[] values, FormatContext facts) {
        List<CelExpression> expressions = settings.plan().expressions();
        for (int i = 0; i < expressions.size(); i++) {
            String text = expressions.get(i).text(facts);
            values[StandardLabel.ALL.size() + i] = text == null ? UNKNOWN : text;
        }
    }

    /** What the configuration's own metrics are to count. */
    long[] amounts(FormatContext facts) {
        List<MetricPlan.Custom> custom = settings.plan().custom();
        long[] amounts = new long[custom.size()];
        for (int i = 0; i < amounts.length; i++) {
            amounts[i] = number(custom.get(i).value().text(facts));
        }
        return amounts;
    }

    private static long number(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(text.strip());
        } catch (NumberFormatException e) {
            LOG.trace("Failed to get metric value: {}", text);
            return 0;
        }
    }

    boolean hasCustom() {
        return !settings.plan().custom().isEmpty();
    }

    /** What streams with these values are counted by. */
    Series series(@Nullable String[] values) {
        int now = store.evictions();
        if (now != evictions) {
            evictions = now;
            told = false;
            table.clear();
        }
        return table.find(values);
    }

    /** The labels that follow those of the peers, of requests and of connections alike. */
    static void flags(@Nullable String[] values, StreamInfo info, PeerLabels.Security security) {
        StandardLabel.RESPONSE_FLAGS.set(values, info.hasAnyFlag() ? info.flags(false) : "-");
        StandardLabel.CONNECTION_SECURITY_POLICY.set(values, security.text());
    }
}
