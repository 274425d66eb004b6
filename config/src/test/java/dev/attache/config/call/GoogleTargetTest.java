package dev.attache.config.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.stats.StatsStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What gRPC's names of targets lead to. */
class GoogleTargetTest {

    private static String read(String uri) {
        Diagnostics diagnostics = new Diagnostics("test");
        GoogleTarget target = GoogleTarget.of(uri, CompileContext.root(settings(), diagnostics));
        assertThat(diagnostics.errorCount()).isEqualTo(target == null ? 1 : 0);
        return target == null
                ? "refused"
                : target.address()
                        + " "
                        + target.others()
                        + " "
                        + target.authority()
                        + " "
                        + target.host();
    }

    private static CompileSettings settings() {
        return CompileSettings.strict(
                new ExtensionRegistry(List.of()),
                SecretSources.offline(Map.of()),
                new LogFiles(new StatsStore(), 10_000, 64));
    }

    @Test
    void names_are_for_dns() {
        assertThat(read("dns:///a.test:80")).isEqualTo("a.test:80 [] a.test:80 a.test");
        assertThat(read("dns:a.test:80")).isEqualTo("a.test:80 [] a.test:80 a.test");
        assertThat(read("DNS:///a.test")).isEqualTo("a.test:443 [] a.test a.test");
        assertThat(read("a.test:80")).isEqualTo("a.test:80 [] a.test:80 a.test");
        assertThat(read("localhost:80")).isEqualTo("localhost:80 [] localhost:80 localhost");
        assertThat(read("a.test")).isEqualTo("a.test:443 [] a.test a.test");
    }

    @Test
    void addresses_are_tried_in_order() {
        assertThat(read("127.0.0.1:80")).isEqualTo("127.0.0.1:80 [] 127.0.0.1:80 127.0.0.1");
        assertThat(read("dns:///127.0.0.1:80")).isEqualTo("127.0.0.1:80 [] 127.0.0.1:80 127.0.0.1");
        assertThat(read("ipv4:10.0.0.1,10.0.0.2:80"))
                .isEqualTo("10.0.0.1:443 [10.0.0.2:80] 10.0.0.1,10.0.0.2:80 10.0.0.1,10.0.0.2");
        assertThat(read("ipv6:[::1]:80")).isEqualTo("[::1]:80 [] [::1]:80 ::1");
        assertThat(read("ipv6:::1")).isEqualTo("[::1]:443 [] ::1 ::1");
        assertThat(read("[::1]:80")).isEqualTo("[::1]:80 [] [::1]:80 ::1");
    }

    @Test
    void sockets_have_no_name() {
        assertThat(read("unix:a/b")).isEqualTo("a/b [] localhost localhost");
        assertThat(read("unix:/a/b")).isEqualTo("/a/b [] localhost localhost");
        assertThat(read("unix:///a/b")).isEqualTo("/a/b [] localhost localhost");
        assertThat(read("unix-abstract:a")).isEqualTo("@a [] localhost localhost");
    }

    @Test
    void what_leads_nowhere_is_refused() {
        for (String bad :
                new String[] {
                    "http://a.test:80",
                    "dns://10.0.0.1/a.test:80",
                    "xds:///a",
                    "google-c2p:///a",
                    "ipv4:a.test:80",
                    "a.test:70000",
                    "a.test:80/b",
                    "a.test:",
                    "[::1",
                    "a b:80",
                    ":80",
                    "unix:"
                }) {
            assertThat(read(bad)).as(bad).isEqualTo("refused");
        }
    }
}
