package dev.attache.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ScopesTest {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";

    private final Logger dns = LoggerFactory.getLogger("agent.dns");

    @TempDir Path directory;

    @AfterEach
    void back() throws Exception {
        Scopes.close();
        Logging.setPath("");
        Logging.setFormat(null, false, "");
        Logging.setLevel(LogLevel.INFO);
    }

    private List<String> lines(boolean json, Map<String, LogLevel> levels, Set<String> callers)
            throws Exception {
        Path file = Files.createTempFile(directory, "agent", ".log");
        Scopes.open(new Scopes.Settings(json, List.of(file.toString()), levels, callers));
        LoggerFactory.getLogger("agent").info("of the {} scope", "default");
        LoggerFactory.getLogger("agent.nobody").error(Critical.MARKER, "of none");
        dns.warn("one\ttab");
        dns.debug("hidden, or not");
        LoggerFactory.getLogger("agent.xdsproxy")
                .atInfo()
                .addKeyValue("id", 7)
                .addKeyValue("of", "delta")
                .log("connected to {}", "istiod");
        LoggerFactory.getLogger("dns").error("of the proxy");
        Logging.flush();
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst(TIME, "TIME").replaceFirst("java:\\d+", "java"))
                .toList();
    }

    @Test
    void linesAreThoseOfIstiosAgent() throws Exception {
        Path proxy = directory.resolve("proxy.log");
        Logging.setPath(proxy.toString());
        Logging.setFormat("%n %v", false, "");

        assertThat(lines(false, Map.of(), Set.of("dns")))
                .containsExactly(
                        "TIME\tinfo\tof the default scope",
                        "TIME\tfatal\tof none",
                        "TIME\twarn\tdns\tlog/ScopesTest.java\tone\ttab",
                        "TIME\tinfo\txdsproxy\tconnected to istiod\tid=7 of=delta");
        assertThat(lines(true, Map.of(), Set.of()))
                .containsExactly(
                        "{\"level\":\"info\",\"time\":\"TIME\",\"msg\":\"of the default scope\"}",
                        "{\"level\":\"fatal\",\"time\":\"TIME\",\"msg\":\"of none\"}",
                        "{\"level\":\"warn\",\"time\":\"TIME\",\"scope\":\"dns\",\"msg\":\"one\\ttab\"}",
                        "{\"level\":\"info\",\"time\":\"TIME\",\"scope\":\"xdsproxy\",\"msg\":\"connected to"
                                + " istiod\",\"id\":7,\"of\":\"delta\"}");
        assertThat(Files.readAllLines(proxy)).containsOnly("dns of the proxy");
    }

    @Test
    void levelsAreTakenInTheirOrderAndLeaveTheProxysAlone() throws Exception {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        levels.put("xdsproxy", LogLevel.DEBUG);
        levels.put("all", LogLevel.OFF);
        levels.put("dns", LogLevel.DEBUG);
        levels.put("unknown", LogLevel.DEBUG);
        Logging.setLevel(LogLevel.ERROR);

        assertThat(lines(false, levels, Set.of()))
                .containsExactly("TIME\twarn\tdns\tone\ttab", "TIME\tdebug\tdns\thidden, or not");
        assertThat(Logging.levels())
                .containsEntry("dns", LogLevel.ERROR)
                .containsEntry("agent.dns", LogLevel.DEBUG)
                .containsEntry("agent.default", LogLevel.OFF);
        assertThat(Logging.setLevel("agent.dns", LogLevel.INFO)).isTrue();
        assertThat(dns.isDebugEnabled()).isFalse();
        Scopes.close();
        assertThat(Logging.levels()).doesNotContainKey("agent.dns");
    }
}
