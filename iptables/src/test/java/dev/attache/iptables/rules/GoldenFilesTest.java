package dev.attache.iptables.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.attache.iptables.FakeHost;
import dev.attache.iptables.apply.ApplyException;
import dev.attache.iptables.apply.IptablesInstaller;
import dev.attache.iptables.apply.RecordedXtables;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.log.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Runs the golden files of istio-iptables, byte for byte. They are not part of this repository:
 * {@code ATTACHE_TESTDATA} (environment, or system property {@code attache.testdata}) names the
 * directory that holds {@code istio-iptables}; without it the tests are skipped and say so.
 */
class GoldenFilesTest {
    @TestFactory
    List<DynamicTest> iptables() throws IOException {
        return perCase("iptables", (file, one) -> assertSame(file, recorded(one)));
    }

    @TestFactory
    List<DynamicTest> nftables() throws IOException {
        return perCase(
                "nftables",
                (file, one) -> assertSame(file, NftSidecar.rules(config(one)).transaction()));
    }

    @TestFactory
    List<DynamicTest> cniPlugin() throws IOException {
        return perCase(
                "cni-plugin",
                (file, one) ->
                        assertThat(tables(recorded(one)))
                                .isEqualTo(tables(Files.readString(file))));
    }

    @TestFactory
    List<DynamicTest> iptablesBuilder() throws IOException {
        return perCase("iptables-builder", GoldenFilesTest::checkBuilder);
    }

    @TestFactory
    List<DynamicTest> nftablesBuilder() throws IOException {
        return perCase(
                "nftables-builder",
                (file, one) -> assertSame(file, NftBuilderCase.dump(list(one, "calls"))));
    }

    private interface Check {
        void run(Path file, Map<String, Object> one) throws IOException, BadInput;
    }

    private static List<DynamicTest> perCase(String folder, Check check) throws IOException {
        Path directory = directory().resolve(folder);
        List<DynamicTest> tests = new ArrayList<>();
        String json = Files.readString(directory.resolve("cases.json"));
        Object cases = new Load(LoadSettings.builder().build()).loadFromString(json);
        for (Object entry : (List<?>) cases) {
            Map<String, Object> one = map(entry);
            Path file = directory.resolve(String.valueOf(one.getOrDefault("golden", "")));
            tests.add(dynamicTest(folder + " " + one.get("name"), () -> check.run(file, one)));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static Path directory() {
        String root = System.getProperty("attache.testdata", System.getenv("ATTACHE_TESTDATA"));
        Assumptions.assumeTrue(
                root != null,
                "ATTACHE_TESTDATA is not set: golden files of istio-iptables skipped");
        return Path.of(root).resolve("istio-iptables");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static <T> List<T> list(Map<String, Object> one, String key) {
        return (List<T>) one.getOrDefault(key, List.of());
    }

    static CaptureConfig config(Map<String, Object> one) throws BadInput {
        Map<String, String> environment = new LinkedHashMap<>();
        map(one.getOrDefault("env", Map.of()))
                .forEach((name, value) -> environment.put(name, String.valueOf(value)));
        List<String> servers = new ArrayList<>(list(one, "dns_servers_v4"));
        boolean ipv6 = Boolean.TRUE.equals(map(one.get("host")).get("has_ipv6"));
        List<String> v6Servers = list(one, "dns_servers_v6");
        servers.addAll(v6Servers);
        FakeHost host = FakeHost.with(ipv6, environment, servers);
        List<String> flags = list(one, "flags");
        CaptureConfig config = new ConfigReader(FlagParser.parse(flags, environment), host).read();
        return Boolean.FALSE.equals(one.get("config_expressible"))
                ? withServersAsWritten(config, v6Servers)
                : config;
    }

    /** The one thing flags and host cannot express: an address in a spelling no reader keeps. */
    private static CaptureConfig withServersAsWritten(CaptureConfig config, List<String> v6) {
        CaptureConfig.Dns dns = config.dns();
        return new CaptureConfig(
                config.ports(),
                config.uids(),
                config.gids(),
                config.inbound(),
                config.outbound(),
                config.interfaces(),
                new CaptureConfig.Dns(dns.captured(), dns.everyServer(), dns.v4(), v6),
                config.dropInvalid(),
                config.ipv6(),
                config.operation());
    }

    private static String recorded(Map<String, Object> one) throws BadInput {
        try {
            CaptureConfig config = config(one);
            RecordedXtables recorded = new RecordedXtables();
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
            Log log = new Log(nowhere, nowhere, Log.Level.NONE, false);
            new IptablesInstaller(
                            config, IptablesSidecar.rules(config), recorded, FakeHost.v4(), log)
                    .run();
            return recorded.text();
        } catch (ApplyException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSame(Path file, String actual) throws IOException {
        assertThat(actual.strip()).isEqualTo(Files.readString(file).strip());
    }

    /** Blocks by table, without the lines of iptables-save: how the plugin's tests compare. */
    private static Map<String, String> tables(String text) {
        Map<String, String> tables = new LinkedHashMap<>();
        for (String block : text.split("COMMIT")) {
            StringBuilder kept = new StringBuilder();
            String name = "";
            for (String line : block.split("\n")) {
                if (line.startsWith("*")) {
                    name = line;
                } else if (!line.isBlank() && !line.endsWith("tables-save")) {
                    kept.append(line.strip()).append('\n');
                }
            }
            if (!name.isEmpty()) {
                tables.put(name, kept.toString());
            }
        }
        return tables;
    }

    private static void checkBuilder(Path directory, Map<String, Object> one) throws IOException {
        IptablesPair pair =
                new IptablesPair(Boolean.TRUE.equals(one.get("enable_ipv6")), "127.0.0.1/32");
        for (Object call : list(one, "calls")) {
            Map<String, Object> c = map(call);
            String family = String.valueOf(c.get("family"));
            for (Family each : Family.values()) {
                if (family.equalsIgnoreCase(each.name()) || family.equals("both")) {
                    IptablesRules rules = each == Family.V4 ? pair.v4() : pair.v6();
                    add(rules, c);
                }
            }
        }
        for (Family family : Family.values()) {
            String key = family.name().toLowerCase(Locale.ROOT);
            Object expected = map(one.get("expect")).get(key);
            IptablesRules rules = pair.of(family);
            List<String> commands = new ArrayList<>();
            rules.commands().forEach(words -> commands.add(String.join(" ", words)));
            if (expected == null) {
                assertThat(commands).isEmpty();
                assertThat(rules.restoreText()).isEmpty();
                continue;
            }

            assertSame(
                    directory.resolve(String.valueOf(map(expected).get("commands"))),
                    String.join("\n", commands));
            assertSame(
                    directory.resolve(String.valueOf(map(expected).get("restore"))),
                    rules.restoreText());
        }
    }

    private static void add(IptablesRules rules, Map<String, Object> call) {
        String table = String.valueOf(call.get("table"));
        String chain = String.valueOf(call.get("chain"));
        String text = String.join(" ", GoldenFilesTest.<String>list(call, "params"));
        if (call.get("op").equals("insert")) {
            rules.insert(table, chain, (Integer) call.get("position"), text);
        } else {
            rules.append(table, chain, text);
        }
    }
}
