package dev.attache.filters.http.grpc_stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.grpc.GrpcMethod;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GrpcStatsSpecTest {

    @Test
    void aPathMustNameServiceAndMethod() {
        assertThat(GrpcMethod.of("/shop.Cart/Add?x=/y"))
                .isEqualTo(new GrpcMethod("shop.Cart", "Add"));
        assertThat(GrpcMethod.of("//a//b/")).isEqualTo(new GrpcMethod("a", "b"));
        assertThat(GrpcMethod.of("/one")).isNull();
        assertThat(GrpcMethod.of("/a/b/c")).isNull();
        assertThat(GrpcMethod.of("")).isNull();
    }

    @Test
    void methodsAreCountedApartWhereWanted() {
        GrpcStatsSpec all = new GrpcStatsSpec(true, Set.of(), true, false, false);
        assertThat(all.prefix("up", "/shop.Cart/Add")).isEqualTo("cluster.up.grpc.shop_Cart.Add.");
        GrpcStatsSpec listed =
                new GrpcStatsSpec(
                        false, Set.of(new GrpcMethod("shop.Cart", "Add")), false, false, false);
        assertThat(listed.prefix("up", "/shop.Cart/Add"))
                .isEqualTo("cluster.up.grpc.shop.Cart.Add.");
        assertThat(listed.prefix("up", "/shop.Cart/Drop")).isEqualTo("cluster.up.grpc.");
        assertThat(listed.prefix("up", "/health")).isNull();
        assertThat(listed.prefix(null, "/shop.Cart/Add")).isNull();
    }
}
