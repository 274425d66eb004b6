package dev.attache.api.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken of the jar of all message classes, and what is not. */
class MessageClassesTest {
    @TempDir private Path folder;
    private Path list;
    private Path target;

    @BeforeEach
    void folders() throws IOException {
        list = folder.resolve("packages.txt");
        target = Files.createDirectory(folder.resolve("classes"));
    }

    @Test
    void packagesOfTheListComeWholeAndOfOthersWhatTheyNeed() throws Exception {
        take("io.envoyproxy.envoy.config.trace.v3 # tracing");
        assertThat(taken("io/envoyproxy/envoy/config/trace/v3/ZipkinConfig")).isTrue();
        assertThat(taken("io/envoyproxy/envoy/config/trace/v3/XRayConfig$SegmentFields")).isTrue();
        assertThat(taken("io/envoyproxy/envoy/config/core/v3/DataSource")).isTrue();
        assertThat(taken("io/envoyproxy/envoy/config/core/v3/GrpcService$GoogleGrpc")).isTrue();
        assertThat(taken("udpa/annotations/Status")).isTrue();
        assertThat(taken("com/google/protobuf/StructProto")).isTrue();
        assertThat(taken("com/google/protobuf/Struct")).isFalse();
        assertThat(taken("io/envoyproxy/envoy/config/core/v3/HealthCheck$TcpHealthCheck"))
                .isFalse();
        assertThat(taken("io/envoyproxy/envoy/config/trace/v3/ZipkinConfigValidator")).isFalse();
        assertThat(taken("io/envoyproxy/envoy/api/v2/DiscoveryRequest")).isFalse();
    }

    @Test
    void whatWasTakenBeforeAndIsNotNeededGoes() throws Exception {
        take("io.envoyproxy.envoy.config.trace.v3");
        Path own = target.resolve("dev/attache/api/Own.class");
        Files.createDirectories(own.getParent());
        Files.write(own, new byte[] {1});
        take("io.envoyproxy.envoy.type.v3");
        assertThat(taken("io/envoyproxy/envoy/config/trace/v3/ZipkinConfig")).isFalse();
        assertThat(taken("io/envoyproxy/envoy/type/v3/Percent")).isTrue();
        assertThat(own).exists();
    }

    @Test
    void aPackageThatTheJarDoesNotHaveIsAnError() {
        assertThatThrownBy(() -> take("io.envoyproxy.envoy.config.trace.v4"))
                .hasMessage("no class is in the package io.envoyproxy.envoy.config.trace.v4");
    }

    private void take(String... packages) throws IOException, URISyntaxException {
        Files.write(list, List.of(packages));
        MessageClasses.main(
                new String[] {
                    target.toString(),
                    list.toString(),
                    jarOf(Message.class),
                    jarOf(TableGenerator.NOT_TAKEN)
                });
    }

    private boolean taken(String name) {
        return Files.exists(target.resolve(name + ".class"));
    }

    private static String jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
