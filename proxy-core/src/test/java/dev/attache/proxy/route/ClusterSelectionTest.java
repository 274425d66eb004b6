package dev.attache.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which clusters the further tries of a request are for. */
final class ClusterSelectionTest {

    private final Headers request = new Headers(MessagePart.REQUEST);
    private final Set<WeightedCluster> tried = Collections.newSetFromMap(new IdentityHashMap<>());

    private static WeightedCluster entry(String name, long weight) {
        return new WeightedCluster(
                name,
                null,
                weight,
                HeaderMutations.NONE,
                HeaderMutations.NONE,
                MetadataValue.EMPTY_STRUCT,
                null,
                Map.of());
    }

    private static ClusterChoice.Weighted weighted(WeightedCluster... clusters) {
        long total = 0;
        for (WeightedCluster each : clusters) {
            total += each.weight();
        }
        return new ClusterChoice.Weighted(List.of(clusters), total, null, false);
    }

    @Test
    void thoseThatWereNotTriedComeFirstThenAllAgain() {
        ClusterChoice choice = weighted(entry("a", 5), entry("b", 5), entry("b", 5));
        ClusterSelection first = ClusterSelection.of(choice, request, 0);
        assertThat(first.cluster()).isEqualTo("a");
        ClusterSelection second = first.next(choice, tried, request, 0);
        ClusterSelection third = second.next(choice, tried, request, 0);
        assertThat(List.of(second.cluster(), third.cluster())).containsExactly("b", "b");
        assertThat(third.weighted()).isNotSameAs(second.weighted());
        assertThat(third.next(choice, tried, request, 0).cluster()).isEqualTo("a");
    }

    @Test
    void whatIsMeantForNobodyIsNotTried() {
        ClusterChoice choice = weighted(entry("a", 5), entry("b", 0));
        ClusterSelection first = ClusterSelection.of(choice, request, 3);
        assertThat(first.next(choice, tried, request, 3)).isSameAs(first);
    }

    @Test
    void aNamedClusterStays() {
        ClusterChoice choice = new ClusterChoice.Named("a");
        ClusterSelection first = ClusterSelection.of(choice, request, 0);
        assertThat(first.next(choice, tried, request, 0)).isEqualTo(first);
    }
}
