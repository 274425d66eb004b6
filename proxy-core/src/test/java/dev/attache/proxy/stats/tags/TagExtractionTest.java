package dev.attache.proxy.stats.tags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.stats.StatLabels;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.stats.tags.TagExtraction.Tagged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TagExtractionTest {

    private final TagExtraction defaults = new TagExtraction(DefaultTags.RULES);

    @ParameterizedTest
    @CsvSource({
        "cluster.web.upstream_cx_total, cluster.upstream_cx_total, envoy.cluster_name=web",
        "cluster.web.upstream_rq_2xx, cluster.upstream_rq_xx,"
                + " envoy.response_code_class=2 envoy.cluster_name=web",
        "cluster.web.upstream_rq_503, cluster.upstream_rq,"
                + " envoy.response_code=503 envoy.cluster_name=web",
        "http.ingress.downstream_rq_total, http.downstream_rq_total,"
                + " envoy.http_conn_manager_prefix=ingress",
        "http.ingress.rds.local.v1.update_success, http.rds.update_success,"
                + " envoy.http_conn_manager_prefix=ingress envoy.rds_route_config=local.v1",
        "listener.0.0.0.0_80.downstream_cx_total, listener.downstream_cx_total,"
                + " envoy.listener_address=0.0.0.0_80",
        "listener.127.0.0.1_80.http.in.downstream_rq_5xx, listener.http.downstream_rq_xx,"
                + " envoy.response_code_class=5 envoy.http_conn_manager_prefix=in"
                + " envoy.listener_address=127.0.0.1_80",
        "tcp.front.downstream_cx_total, tcp.downstream_cx_total, envoy.tcp_prefix=front",
        "vhost.v.vcluster.c.upstream_rq_total, vhost.vcluster.upstream_rq_total,"
                + " envoy.virtual_cluster=c envoy.virtual_host=v",
        "net.rbac.dry.shadow_denied, rbac.dry.shadow_denied, envoy.rbac_prefix=net",
        "http.in.rbac.dry.policy.p.shadow_denied, http.rbac.policy.shadow_denied,"
                + " envoy.rbac_policy_name=p envoy.rbac_http_prefix=dry"
                + " envoy.http_conn_manager_prefix=in",
        "http.in.rbac.policy.p.allowed, http.rbac.policy.allowed,"
                + " envoy.rbac_policy_name=p envoy.http_conn_manager_prefix=in",
        "http.in.rbac.policy.x.y.allowed, http.rbac.policy.x.y.allowed,"
                + " envoy.http_conn_manager_prefix=in",
        "http.in.rbac.allowed, http.rbac.allowed, envoy.http_conn_manager_prefix=in",
        "server.worker_1.watchdog_miss, server.worker_watchdog_miss, envoy.worker_id=1",
        "listener.edge.worker_0.downstream_cx_total, listener.worker_downstream_cx_total,"
                + " envoy.worker_id=0 envoy.listener_address=edge",
        "listener.admin.downstream_cx_total, listener.admin.downstream_cx_total, ''",
        "server.uptime, server.uptime, ''",
    })
    void defaultTags(String name, String rest, String tags) {
        Tagged tagged = defaults.extract(name);
        assertThat(tagged.name()).isEqualTo(rest);
        List<String> found = new ArrayList<>();
        tagged.tags().forEach(tag -> found.add(tag.name() + "=" + tag.value()));
        assertThat(String.join(" ", found)).isEqualTo(tags);
        assertThat(defaults.extract(name)).isSameAs(tagged);
    }

    @Test
    void customRulesComeFirstAndFixedValuesAreOnEveryStat() {
        List<TagRule> rules = new ArrayList<>();
        rules.add(TagRule.fixed("zone", "eu"));
        rules.add(TagRule.regex("response_code", "(response_code=\\.=(.+?);\\.;)", ""));
        rules.addAll(DefaultTags.RULES);
        Tagged tagged =
                new TagExtraction(rules).extract("cluster.c.response_code=.=200;.;istio_requests");
        assertThat(tagged.tags())
                .containsExactly(
                        new Tag("zone", "eu"),
                        new Tag("response_code", "200"),
                        new Tag("envoy.cluster_name", "c"));
        assertThat(tagged.name()).isEqualTo("cluster.istio_requests");
    }

    @Test
    void labelsThatAStatWasGivenFollowThoseOfItsName() {
        StatsStore store = new StatsStore();
        StatLabels labels = StatLabels.of("outcome", "not found", "zone", "a.b");
        String name = store.scope("http.main.").counter("lookups", labels).name();
        assertThat(name).isEqualTo("http.main.lookups.outcome.not found.zone.a.b");
        Tagged tagged = defaults.extract(name, store.labels(name));
        assertThat(tagged.name()).isEqualTo("http.lookups");
        assertThat(tagged.tags())
                .containsExactly(
                        new Tag("envoy.http_conn_manager_prefix", "main"),
                        new Tag("outcome", "not found"),
                        new Tag("zone", "a.b"));
        assertThat(store.labels("http.main.other")).isSameAs(StatLabels.NONE);
        assertThatThrownBy(() -> StatLabels.of("outcome"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allTheLabelsThatAStatHasAreNotLookedForInItsName() {
        StatLabels labels =
                StatLabels.joined(
                        List.of(
                                new StatLabels.Label("code", "_rq_200"),
                                new StatLabels.Label("none", ""),
                                new StatLabels.Label("who", "spiffe://a.b/c")));
        List<TagRule> rules = new ArrayList<>(DefaultTags.RULES);
        rules.add(TagRule.fixed("zone", "eu"));
        String name = "http.main.total" + labels.suffix();
        assertThat(name).isEqualTo("http.main.total.code._rq_200.none.who.spiffe://a.b/c");
        Tagged tagged = new TagExtraction(rules).extract(name, labels);
        assertThat(tagged.name()).isEqualTo("http.main.total");
        assertThat(tagged.tags())
                .containsExactly(
                        new Tag("code", "_rq_200"),
                        new Tag("none", ""),
                        new Tag("who", "spiffe://a.b/c"));
    }

    @Test
    void longNamesAreTakenApartEachTime() {
        TagExtraction tags = new TagExtraction(List.of(TagRule.fixed("zone", "eu")));
        String longest = "x".repeat(TagExtraction.LONGEST_KEPT);
        for (int i = 0; i < 2; i++) {
            assertThat(tags.extract(longest).tags()).hasSize(1);
            assertThat(tags.extract(longest + i).tags()).hasSize(1);
        }
        assertThat(tags.known()).isEqualTo(1);
    }

    @Test
    void rulesForNamesThatBeginWithAWordComeLast() {
        List<TagRule> rules =
                List.of(
                        TagRule.regex("listener", "^listener\\.(([_.[:digit:]]*)\\.)", ""),
                        TagRule.fixed("zone", "eu"),
                        TagRule.regex("total", "(\\.(total))$", ""),
                        TagRule.regex("listener", "^listener(?=\\.).*(x)", ""));
        Tagged tagged = new TagExtraction(rules).extract("listener.10.0.0.1_80.total");
        assertThat(tagged.name()).isEqualTo("listener.");
        assertThat(tagged.tags())
                .containsExactly(
                        new Tag("zone", "eu"),
                        new Tag("total", "total"),
                        new Tag("listener", "10.0.0.1_80"));
    }
}
