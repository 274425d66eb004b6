package dev.attache.console.top;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is looked at, and what came of the last looks. One thread. */
final class Watch {

    private final StatsSource source;
    private final int most;
    private View view;
    private Row.Order order = Row.Order.REQUESTS;
    private @Nullable Pattern filter;
    private @Nullable Sample before;
    private @Nullable Sample busiest;
    private List<Row> rows = List.of();

    /**
     * @param most for how many rows latencies are asked for
     */
    Watch(StatsSource source, View view, int most) {
        this.source = source;
        this.view = view;
        this.most = most;
    }

    View view() {
        return view;
    }

    Row.Order order() {
        return order;
    }

    @Nullable Pattern filter() {
        return filter;
    }

    String address() {
        return source.address();
    }

    /** Another view begins anew: its first numbers come with its second look. */
    void show(View next) {
        if (next != view) {
            view = next;
            before = null;
            busiest = null;
            rows = List.of();
        }
    }

    void sortBy(Row.Order next) {
        order = next;
    }

    /** Null for all rows. */
    void only(@Nullable Pattern next) {
        filter = next;
    }

    /**
     * Looks at the proxy; whether there are rows to be shown, which there are from the second look
     * on.
     */
    boolean look() throws IOException {
        Sample now = view == View.HOSTS ? hosts() : source.look(view, wantedLatencies());
        Sample earlier = before;
        before = now;
        if (earlier == null) {
            return false;
        }
        List<Row> all = Row.between(earlier, now);
        // Hosts come and go with the clusters that are asked for: they did not begin with nothing.
        rows =
                view == View.HOSTS
                        ? all.stream()
                                .filter(row -> earlier.rows().containsKey(row.name()))
                                .toList()
                        : all;
        return true;
    }

    /** Rows as they are to be shown: filtered, the largest first. */
    List<Row> rows() {
        return rows.stream()
                .filter(row -> StatsSource.wanted(filter, row.name()))
                .sorted(order.comparator())
                .toList();
    }

    /** Of those that are shown; before any are, of those with most requests so far. */
    private List<String> wantedLatencies() throws IOException {
        if (!rows.isEmpty()) {
            return rows().stream().limit(most).map(Row::name).toList();
        }
        Sample first = before;
        return first == null ? byTotals(source.look(view, List.of())) : byTotals(first);
    }

    private List<String> byTotals(Sample sample) {
        Map<String, Long> totals = new HashMap<>();
        sample.rows()
                .forEach((name, values) -> {
                    if (StatsSource.wanted(filter, name)) {
                        totals.put(name, values[Metric.REQUESTS.ordinal()]);
                    }
                });
        return totals.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    private Sample hosts() throws IOException {
        Sample now = source.look(View.CLUSTERS, List.of());
        Sample earlier = busiest == null ? new Sample(0) : busiest;
        busiest = now;
        List<Row> clusters = new ArrayList<>(Row.between(earlier, now));
        clusters.sort(Row.Order.REQUESTS.comparator());
        boolean some = clusters.stream().anyMatch(row -> StatsSource.wanted(filter, row.name()));
        return source.hosts(
                clusters.stream()
                        .map(Row::name)
                        .filter(name -> !some || StatsSource.wanted(filter, name))
                        .limit(StatsSource.CLUSTERS_OF_HOSTS)
                        .toList());
    }
}
