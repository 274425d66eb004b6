package dev.attache.iptables.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class OwnGoldensTest {
    @TempDir Path scratch;

    @TestFactory
    Stream<DynamicTest> writesWhatIstioIptablesWrote() throws IOException {
        return OwnGoldens.all().stream()
                .flatMap(golden ->
                        Stream.of("iptables", "nftables")
                                .map(backend ->
                                        dynamicTest(
                                                backend + " " + golden,
                                                () -> check(golden, backend))));
    }

    private void check(OwnGoldens.Golden golden, String backend) throws IOException {
        assertThat(OwnGoldens.ours(golden, backend, scratch))
                .isEqualTo(Files.readString(golden.file(backend)));
    }

    @Test
    void skippedRulesAreNotRecorded() {
        OwnGoldens.Golden golden =
                new OwnGoldens.Golden(
                        "skip", false, Map.of(), List.of("--skip-rule-apply", "-u", "1"));
        assertThatThrownBy(() -> OwnGoldens.ours(golden, "iptables", scratch))
                .isInstanceOf(NoSuchFileException.class);
    }
}
