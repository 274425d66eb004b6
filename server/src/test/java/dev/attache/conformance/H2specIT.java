package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** h2spec against the listener: nothing may fail that the real Envoy passes. */
@Tag("conformance")
final class H2specIT {
    private static final Pattern SECTION = Pattern.compile("^\\s+((?:[0-9]+\\.)+) .*");
    private static final Pattern FAILED = Pattern.compile("^\\s+× ([0-9]+): (.*)");

    @Test
    void passesWhatEnvoyPasses(@TempDir Path directory) throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Future<Set<String>> envoy =
                    both.submit(failures(directory.resolve("envoy"), Peers.envoy()));
            Future<Set<String>> ours =
                    both.submit(failures(directory.resolve("ours"), Peers.subject()));
            Set<String> worse = new TreeSet<>(ours.get());
            worse.removeAll(envoy.get());
            assertThat(worse).as("fail here, pass with Envoy").isEmpty();
        }
    }

    /** The cases that fail, as «section number: text»; every run must have run all cases. */
    private static Callable<Set<String>> failures(Path directory, Path binary) {
        return () -> {
            Files.createDirectories(directory);
            int admin = Ports.free();
            int listener = Ports.free();
            Path config =
                    Files.writeString(
                            directory.resolve("envoy.yaml"),
                            PeerBootstraps.forward(admin, listener, 0));
            List<String> command =
                    List.of(
                            Peers.peer("h2spec").toString(),
                            "-h",
                            "127.0.0.1",
                            "-p",
                            "" + listener,
                            "-o",
                            "2");
            try (ProxyProcess proxy =
                            ProxyProcess.start(binary, config, directory, admin, List.of());
                    PeerProcess h2spec = PeerProcess.start(directory, Map.of(), command)) {
                h2spec.await(Duration.ofMinutes(4));
                assertThat(proxy.alive()).isTrue();
                assertThat(h2spec.log())
                        .containsPattern("1[0-9][0-9] tests, [0-9]+ passed, 0 skipped");
                return failed(h2spec.log());
            }
        };
    }

    private static Set<String> failed(String output) {
        Set<String> failed = new TreeSet<>();
        String section = "";
        boolean summary = false;
        for (String line : output.lines().toList()) {
            summary |= line.startsWith("Failures:");
            Matcher head = SECTION.matcher(line);
            Matcher failure = FAILED.matcher(line);
            if (summary && head.matches()) {
                section = head.group(1);
            } else if (summary && failure.matches()) {
                failed.add(section + " " + failure.group(1) + ": " + failure.group(2));
            }
        }
        return failed;
    }
}
