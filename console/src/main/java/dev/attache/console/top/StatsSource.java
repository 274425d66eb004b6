package dev.attache.console.top;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.attache.console.admin.AdminClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at a proxy by its admin port. Blocks; one thread. */
final class StatsSource {

    /** Of how many clusters, the busiest ones, hosts are asked for. */
    static final int CLUSTERS_OF_HOSTS = 25;

    private static final Map<String, Metric> OF_HOSTS =
            Map.of(
                    "rq_total", Metric.REQUESTS,
                    "rq_active", Metric.ACTIVE,
                    "rq_error", Metric.SERVER_ERRORS,
                    "rq_timeout", Metric.TIMEOUTS,
                    "cx_active", Metric.CONNECTIONS,
                    "cx_connect_fail", Metric.CONNECT_FAILURES);

    private final AdminClient client;

    StatsSource(AdminClient client) {
        this.client = client;
    }

    String address() {
        return client.address();
    }

    /**
     * Looks at all rows of a view that were used.
     *
     * @param shown rows whose latencies are wanted
     * @throws IOException where the proxy does not answer, or with something else
     */
    Sample look(View view, Collection<String> shown) throws IOException {
        try {
            Sample sample = new Sample(System.nanoTime());
            for (JsonElement each : stats("&filter=" + encoded(view.filter()))) {
                JsonObject stat = each.getAsJsonObject();
                JsonElement name = stat.get("name");
                View.Cell cell = name == null ? null : view.cell(name.getAsString());
                if (cell != null) {
                    sample.add(cell.row(), cell.metric(), stat.get("value").getAsLong());
                }
            }
            latencies(view, shown, sample);
            return sample;
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new IOException(address() + " answers /stats with something else", e);
        }
    }

    private JsonArray stats(String query) throws IOException {
        return client.json("/stats?usedonly&format=json" + query)
                .getAsJsonObject()
                .getAsJsonArray("stats");
    }

    private void latencies(View view, Collection<String> shown, Sample sample) throws IOException {
        Map<String, String> rows =
                shown.stream()
                        .filter(row -> view.histogram(row) != null)
                        .collect(Collectors.toMap(row -> "" + view.histogram(row), row -> row));
        if (rows.isEmpty()) {
            return;
        }
        String filter = alternatives(rows.keySet());
        for (JsonElement each :
                stats("&type=Histograms&histogram_buckets=disjoint&filter=" + encoded(filter))) {
            JsonArray histograms = each.getAsJsonObject().getAsJsonArray("histograms");
            if (histograms == null) {
                continue;
            }
            for (JsonElement histogram : histograms) {
                String row = rows.get(histogram.getAsJsonObject().get("name").getAsString());
                if (row != null) {
                    sample.latencies().put(row, buckets(histogram.getAsJsonObject()));
                }
            }
        }
    }

    private static Buckets buckets(JsonObject histogram) {
        JsonArray buckets = histogram.getAsJsonArray("buckets");
        double[] bounds = new double[buckets.size()];
        long[] counts = new long[buckets.size()];
        for (int i = 0; i < counts.length; i++) {
            JsonObject bucket = buckets.get(i).getAsJsonObject();
            bounds[i] = bucket.get("upper_bound").getAsDouble();
            counts[i] = bucket.get("cumulative").getAsLong();
        }
        return new Buckets(bounds, counts);
    }

    /**
     * Looks at the hosts of some clusters.
     *
     * @throws IOException where the proxy does not answer
     */
    Sample hosts(Collection<String> clusters) throws IOException {
        Sample sample = new Sample(System.nanoTime());
        if (clusters.isEmpty()) {
            return sample;
        }
        String body = client.get("/clusters?filter=" + encoded(alternatives(clusters))).body();
        body.lines().forEach(line -> host(line, sample));
        return sample;
    }

    private static void host(String line, Sample sample) {
        String[] parts = line.split("::");
        if (parts.length < 4) {
            return;
        }
        // A v6 address has colons of its own; the cluster and the last two parts do not.
        int last = parts.length - 1;
        Metric metric = OF_HOSTS.get(parts[last - 1]);
        Long value = number(parts[last]);
        if (metric != null && value != null) {
            String address = String.join("::", java.util.Arrays.copyOfRange(parts, 1, last - 1));
            sample.add(parts[0] + " " + address, metric, value);
        }
    }

    private static @Nullable Long number(String text) {
        return text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
    }

    /** A regular expression for these names and no others, which RE2 and Java read alike. */
    private static String alternatives(Collection<String> names) {
        return names.stream()
                .map(name -> name.replaceAll("[\\\\.+*?()\\[\\]{}|^$]", "\\\\$0"))
                .collect(Collectors.joining("|", "^(", ")$"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Whether a row is one that the user wants to see. */
    static boolean wanted(@Nullable Pattern filter, String row) {
        return filter == null || filter.matcher(row).find();
    }
}
