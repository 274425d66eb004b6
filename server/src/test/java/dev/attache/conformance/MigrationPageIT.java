package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/migrate-from-envoy.md has a word for each flag and endpoint of the real Envoy. */
@Tag("conformance")
final class MigrationPageIT {

    @Test
    void noFlagOrEndpointIsForgotten(@TempDir Path directory) throws Exception {
        String page = Files.readString(Peers.root().resolve("docs/migrate-from-envoy.md"));
        ProxyProcess.Finished help = ProxyProcess.run(Peers.envoy(), directory, List.of("--help"));
        for (String flag : found("(?m)^ .*(--[a-z][a-z_-]+)(?: <|$|  )", help.out() + help.err())) {
            assertThat(page).contains("`" + flag + "`");
        }
        int port = Ports.free();
        Path config =
                Files.writeString(
                        directory.resolve("admin.yaml"),
                        "admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}"
                                .formatted(port));
        try (ProxyProcess envoy =
                ProxyProcess.start(Peers.envoy(), config, directory, port, List.of())) {
            for (String path : found("(?m)^  (/[a-z_/]*)", envoy.admin("GET", "/help").body())) {
                assertThat(page).contains("`" + path + "`");
            }
        }
    }

    private static Set<String> found(String pattern, String text) {
        Set<String> all = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }
}
