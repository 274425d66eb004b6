package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster a route means for one request; chosen once, together with the route.
 *
 * @param cluster its name; whether there is such a cluster is another question
 * @param weighted the entry of {@code weighted_clusters} that was drawn, or null
 */
public record ClusterSelection(String cluster, @Nullable WeightedCluster weighted) {

    /**
     * @param random draws one of weighted clusters: the stream's random value, or a hash
     */
    public static ClusterSelection of(ClusterChoice choice, Headers request, long random) {
        if (choice instanceof ClusterChoice.Named(String name)) {
            return new ClusterSelection(name, null);
        }
        if (choice instanceof ClusterChoice.FromHeader(HeaderName header)) {
            return new ClusterSelection(request.getOr(header, ""), null);
        }
        return pick((ClusterChoice.Weighted) choice, request, random);
    }

    /**
     * The {@code envoy.lb} fields wanted of hosts, as configured; null = none.
     *
     * @param action of the route that this was chosen by
     */
    public MetadataValue.@Nullable Struct metadataMatch(RouteAction.Forward action) {
        MetadataValue.Struct wanted =
                weighted == null ? action.metadataMatch() : weighted.metadataMatch();
        return wanted.fields().isEmpty() ? null : wanted;
    }

    private static ClusterSelection pick(
            ClusterChoice.Weighted weighted, Headers request, long random) {
        return draw(weighted, weighted.clusters(), weighted.total(), request, random);
    }

    /**
     * For a further try. Of weighted clusters it is one that has not been tried; when all have
     * been, they begin anew.
     *
     * @param tried by identity; changed
     */
    public ClusterSelection next(
            ClusterChoice choice, Set<WeightedCluster> tried, Headers request, long random) {
        if (!(choice instanceof ClusterChoice.Weighted weighted)) {
            return of(choice, request, random);
        }
        if (this.weighted != null) {
            tried.add(this.weighted);
        }
        if (tried.size() >= weighted.clusters().size()) {
            tried.clear();
        }
        List<WeightedCluster> left = new ArrayList<>();
        long total = 0;
        for (WeightedCluster each : weighted.clusters()) {
            if (!tried.contains(each)) {
                left.add(each);
                total += each.weight();
            }
        }
        // Those that are left may be meant for nobody.
        return total == 0 ? this : draw(weighted, left, total, request, random);
    }

    private static ClusterSelection draw(
            ClusterChoice.Weighted weighted,
            List<WeightedCluster> among,
            long total,
            Headers request,
            long random) {
        long value = random;
        if (weighted.header() != null) {
            long given = request.getLong(weighted.header());
            value = given >= 0 ? given : value;
        }
        long point = Long.remainderUnsigned(value, total);
        long from = 0;
        WeightedCluster chosen = among.getLast();
        for (WeightedCluster candidate : among) {
            from += candidate.weight();
            if (point < from) {
                chosen = candidate;
                break;
            }
        }
        String name = chosen.cluster();
        if (name == null) {
            name = chosen.header() == null ? "" : request.getOr(chosen.header(), "");
        }
        return new ClusterSelection(name, chosen);
    }
}
