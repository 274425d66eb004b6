package dev.attache.filters.http.original_src;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.transport.UpstreamSource;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import org.junit.jupiter.api.Test;

final class OriginalSrcFilterTest {
    private static FilterSetup filter() {
        return BuiltinFilter.of("src", "original_src.v3.OriginalSrc", "{mark: 1337}");
    }

    @Test
    void aRequestGoesOnFromItsClient() {
        try (FilterHarness harness = filter().open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.info().filterState().get(UpstreamSource.KEY))
                    .isEqualTo(new UpstreamSource(IpAddress.parse("192.0.2.1", 0), 1337));
            exchange.respondEmpty(200);
        }
    }

    @Test
    void aClientWithoutAnAddressChangesNothing() {
        FilterSetup local =
                filter().addresses(new PipeAddress("/client"), IpAddress.parse("192.0.2.2", 80));
        try (FilterHarness harness = local.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.info().filterState().get(UpstreamSource.KEY)).isNull();
            exchange.respondEmpty(200);
        }
    }
}
