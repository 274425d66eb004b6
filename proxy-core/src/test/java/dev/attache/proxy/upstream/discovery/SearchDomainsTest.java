package dev.attache.proxy.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SearchDomainsTest {

    @Test
    void readsWhatKubernetesWrites() {
        SearchDomains search =
                SearchDomains.parse(
                        List.of(
                                "# made by kubelet",
                                "nameserver 10.96.0.10",
                                "search default.svc.cluster.local svc.cluster.local",
                                "options ndots:5 timeout:1"));
        assertThat(search.candidates("redis"))
                .containsExactly(
                        "redis.default.svc.cluster.local.", "redis.svc.cluster.local.", "redis.");
        assertThat(search.candidates("a.b.c.d.e.f").getFirst()).isEqualTo("a.b.c.d.e.f.");
        assertThat(search.candidates("redis.")).containsExactly("redis.");
    }

    @Test
    void withoutSearchNamesAreWhole() {
        assertThat(SearchDomains.NONE.candidates("example.com")).containsExactly("example.com.");
        SearchDomains odd = SearchDomains.parse(List.of("", "options ndots:x", "domain corp"));
        assertThat(odd.ndots()).isEqualTo(1);
        assertThat(odd.candidates("host")).containsExactly("host.corp.", "host.");
    }
}
