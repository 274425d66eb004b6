package dev.attache.console.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.console.command.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdminAddressTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:15000, 127.0.0.1:15000",
        "9901, 127.0.0.1:9901",
        "[::1]:9901, [::1]:9901",
        "http://proxy.local:9901/, proxy.local:9901",
        "https://proxy.local:9901, proxy.local:9901",
        "unix:/run/admin.sock, unix:/run/admin.sock",
    })
    void isRead(String text, String shown) throws UsageException {
        assertThat(AdminAddress.parse(text)).hasToString(shown);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> AdminAddress.parse("here"))
                .hasMessage("admin address \"here\" is HOST:PORT, PORT or unix:PATH");
        assertThatThrownBy(() -> AdminAddress.parse("here:70000"))
                .hasMessage("admin address \"here:70000\": a port is between 1 and 65535");
        assertThatThrownBy(() -> AdminAddress.parse("::1:80"))
                .hasMessage("admin address \"::1:80\": an IPv6 address stands in brackets");
        assertThatThrownBy(() -> AdminAddress.parse(":80")).hasMessageContaining("names no host");
        assertThatThrownBy(() -> AdminAddress.parse("unix:@x")).hasMessageContaining("the path");
    }
}
