package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The socket options of {@code admin} are set, each in its state. */
class AdminSocketOptionsTest {

    private static final String BOOTSTRAP =
            """
            admin:
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              socket_options:
              - {level: 1, name: %s, int_value: 1, state: %s}
            """;

    /** SO_KEEPALIVE of SOL_SOCKET. */
    private static final String KNOWN = "9";

    @ParameterizedTest
    @ValueSource(strings = {"STATE_PREBIND", "STATE_BOUND", "STATE_LISTENING"})
    void whatTheKernelTakesIsSetAndWhatItRefusesEndsTheStart(String state) throws Exception {
        try (AttacheServer server = start(KNOWN, state)) {
            assertThat(server.adminAddress()).isNotNull();
        }
        assertThatThrownBy(() -> start("9999", state))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("admin: socket_options");
    }

    private static AttacheServer start(String name, String state) throws StartupException {
        String yaml = BOOTSTRAP.formatted(name, state);
        return AttacheServer.start(ServerOptions.builder().configYaml(yaml).concurrency(1).build());
    }
}
