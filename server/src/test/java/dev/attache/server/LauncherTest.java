package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher with a JVM that says what it is asked for instead of doing it. */
class LauncherTest {

    private static final List<String> JARS =
            List.of(
                    "lib/attache-server-1.jar",
                    "lib/agent/attache-agent-1.jar",
                    "interception/i.jar");

    @TempDir private Path home;

    @BeforeEach
    void jvm() throws IOException {
        Path java = home.resolve("runtime/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(home.resolve("runtime/release"), "JAVA_VERSION=\"25.0.3\"\n");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.createFile(home.resolve("proxy.aot"));
        Files.createFile(home.resolve(".built"));
        for (String jar : JARS) {
            Files.createDirectories(home.resolve(jar).getParent());
            Files.writeString(home.resolve(jar), "a jar");
        }
        train();
    }

    /** What `train` leaves beside the caches: the sizes and times of the jars. */
    private void train() throws IOException {
        StringBuilder jars = new StringBuilder();
        for (String jar : JARS) {
            Path file = home.resolve(jar);
            long seconds = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
            jars.append("%d %d %s\n".formatted(Files.size(file), seconds, jar));
        }
        Files.writeString(home.resolve("trained"), jars);
    }

    /** Sizes that do not go with each other, or leave the cache's objects no room, end a JVM. */
    @ParameterizedTest
    @CsvSource({
        "'', -XX:NewSize=10240k, -Xms24576k, -Xmx524288k, true",
        "-Xmn23m, -XX:NewSize=23552k, -Xms37888k, -Xmx524288k, true",
        "-Xmn64m -Xms65m, -XX:NewSize=65536k, -Xms66560k, -Xmx524288k, false",
        "-Xmn64m -Xms68m, -XX:NewSize=65536k, -Xms69632k, -Xmx524288k, true",
        "-XX:NewSize=33554432, -XX:NewSize=32768k, -Xms47104k, -Xmx524288k, true",
        "-Xmx64m, -XX:NewSize=10240k, -Xms24576k, -Xmx65536k, true",
        "-Xmx16m, -XX:NewSize=6826k, -Xms16384k, -Xmx16384k, true",
        "-Xmx24m -Xmn23m, -XX:NewSize=23552k, -Xms24576k, -Xmx24576k, false",
        "-Xms1g -Xmx1G, -XX:NewSize=10240k, -Xms1048576k, -Xmx1048576k, true",
    })
    void heapSizesGiveWayToThoseOfTheUser(
            String options, String young, String initial, String largest, boolean cache)
            throws Exception {
        List<String> arguments = launch(options);
        assertThat(arguments).contains(young, initial, largest, "-XX:+UseSerialGC");
        assertThat(arguments).filteredOn(a -> a.startsWith("-XX:AOTCache=")).hasSize(cache ? 1 : 0);
        if (!options.isEmpty()) {
            assertThat(arguments)
                    .as("and stand behind ours")
                    .containsSubsequence(options.split(" "));
            assertThat(arguments.indexOf(options.split(" ")[0]))
                    .isGreaterThan(arguments.indexOf(young));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', -XX:MaxNewSize=32768k",
        "-Xmx64m, -XX:MaxNewSize=16384k",
        "-Xmx16m, -XX:MaxNewSize=6826k",
        "-Xmn23m, -XX:MaxNewSize=23552k",
    })
    void theYoungGenerationMayGrowWithinTheHeapUnlessItsSizeIsGiven(String options, String most)
            throws Exception {
        assertThat(launch(options)).contains(most);
    }

    @Test
    void anotherCollectorSizesItsYoungGenerationItself() throws Exception {
        List<String> arguments = launch("-XX:+UseG1GC");
        assertThat(arguments).contains("-XX:+UseG1GC", "-Xms24576k", "-Xmx524288k");
        assertThat(arguments)
                .doesNotContain("-XX:+UseSerialGC")
                .noneMatch(a -> a.contains("NewSize"));
    }

    @Test
    void whatIsNoSizeIsLeftToTheJvm() throws Exception {
        assertThat(launch("-Xmnmuch")).contains("-XX:NewSize=10240k", "-Xmnmuch");
    }

    /** The JVM does not look at the jars of its class path: classes of the older one would run. */
    @Test
    void aCacheOfOtherJarsIsNotUsed() throws Exception {
        assertThat(launch("")).anyMatch(a -> a.startsWith("-XX:AOTCache="));
        Files.writeString(home.resolve("lib/agent/attache-agent-1.jar"), "another jar");
        assertThat(launch("")).noneMatch(a -> a.startsWith("-XX:AOTCache="));
    }

    @Test
    void aWordThatIsNoCommandIsNamed() throws Exception {
        assertThat(launch(1, "", "explian", "/"))
                .containsExactly(
                        "attache: there is no command explian; `attache help` has them, and options"
                                + " begin with a dash");
        assertThat(launch(0, "", "help"))
                .anyMatch(line -> line.contains("attache onboard"))
                .doesNotContain("dev.attache.server.Attache");
        assertThat(launch(0, "", "--help"))
                .anyMatch(line -> line.contains("attache onboard"))
                .contains("dev.attache.server.Attache");
    }

    @Test
    void theVersionIsAWordToo() throws Exception {
        assertThat(launch(0, "", "version")).endsWith("--version");
    }

    /** This JVM writes none. */
    @Test
    void cachesStayUntilThereAreOthers() throws Exception {
        assertThat(launch(1, "", "train")).anyMatch(line -> line.contains("no AOT cache"));
        assertThat(home.resolve("proxy.aot")).exists();
        assertThat(launch("")).anyMatch(a -> a.startsWith("-XX:AOTCache="));
        try (var left = Files.list(home)) {
            assertThat(left).noneMatch(path -> path.toString().contains(".training"));
        }
        assertThat(launch(0, "", "train", "--help")).first().asString().startsWith("usage:");
    }

    private List<String> launch(String options) throws IOException, InterruptedException {
        return launch(0, options, "--version");
    }

    private List<String> launch(int code, String options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst(Peers.root().resolve("attache").toString());
        ProcessBuilder launcher = new ProcessBuilder(command);
        launcher.environment().put("ATTACHE_HOME", home.toString());
        launcher.environment().put("ATTACHE_JAVA_OPTIONS", options);
        launcher.redirectErrorStream(true);
        Process process = launcher.start();
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("%s", lines).isEqualTo(code);
        return lines;
    }
}
