package dev.attache.filters.load_balancing.override_host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.lb.PickContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NamedHostsTest {

    private static final MetadataPlace PLACE = new MetadataPlace("envoy.lb", List.of("a", "b"));

    private final FilterState state = new FilterState(null);
    private final DynamicMetadata metadata = new DynamicMetadata();
    private final PickContext request =
            new PickContext() {
                @Override
                public Metadata dynamicMetadata() {
                    return metadata.snapshot();
                }

                @Override
                public FilterState filterState() {
                    return state;
                }
            };

    private NamedHosts named(HostSource... sources) {
        return NamedHosts.of(state, List.of(sources), request);
    }

    /** What is read first stays: further attempts go on in the same list. */
    @Test
    void eachAttemptTakesTheNext() {
        metadata.merge("envoy.lb", PLACE.with(" 1.1.1.1:1 ,, [::1]:2,"));
        assertThat(named(PLACE).take()).isEqualTo("1.1.1.1:1");
        metadata.replace("envoy.lb", PLACE.with("3.3.3.3:3"));
        assertThat(named(PLACE).take()).isEqualTo("[::1]:2");
        assertThat(named(PLACE).take()).isNull();
    }

    @Test
    void sourcesFollowOneAnother() {
        HostSource first = asked -> "1.1.1.1:1";
        HostSource none = asked -> null;
        metadata.merge("envoy.lb", PLACE.with("2.2.2.2:2"));
        NamedHosts all = named(first, none, PLACE);
        assertThat(all.take()).isEqualTo("1.1.1.1:1");
        assertThat(all.take()).isEqualTo("2.2.2.2:2");
    }

    @Test
    void onlyTextNamesHosts() {
        metadata.merge(
                "envoy.lb",
                new MetadataValue.Struct(
                        Map.of(
                                "a",
                                new MetadataValue.Struct(
                                        Map.of("b", new MetadataValue.Number(1))))));
        assertThat(named(PLACE).take()).isNull();
    }
}
