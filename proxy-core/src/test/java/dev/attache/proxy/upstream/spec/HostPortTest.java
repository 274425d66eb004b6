package dev.attache.proxy.upstream.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "a.test, a.test, -1, a.test:80",
        "a.test:8080, a.test, 8080, a.test:8080",
        "a.test:, a.test:, -1, a.test:",
        "a.test:xyz, a.test:xyz, -1, a.test:xyz",
        "a.test:65536, a.test:65536, -1, a.test:65536",
        "1.2.3.4:1, 1.2.3.4, 1, 1.2.3.4:1",
        "[::1]:443, ::1, 443, [::1]:443",
        "[::1], ::1, -1, [::1]:80",
        "[no], [no], -1, [no]:80",
    })
    void readsWhatEnvoyReads(String authority, String host, int port, String key) {
        HostPort read = HostPort.parse(authority);
        assertThat(read.host()).isEqualTo(host);
        assertThat(read.port()).isEqualTo(port);
        assertThat(HostPort.key(authority, 80)).isEqualTo(key);
    }
}
