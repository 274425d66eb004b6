package dev.attache.iptables.command;

import dev.attache.iptables.FakeHost;
import dev.attache.iptables.apply.HostPrograms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The golden cases of this repository: descriptions in cases.yaml, texts beside it. */
final class OwnGoldens {
    static final Path DIRECTORY = Path.of("src/test/resources/dev/attache/iptables/golden");

    private OwnGoldens() {}

    /** A case. */
    record Golden(String name, boolean ipv6, Map<String, String> environment, List<String> flags) {
        Path file(String backend) {
            return DIRECTORY.resolve(name + "." + backend + ".txt");
        }

        List<String> flags(String backend) {
            List<String> all = new ArrayList<>(flags);
            all.add("--dry-run");
            if (backend.equals("nftables")) {
                all.add("--native-nftables");
            }
            return all;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @SuppressWarnings("unchecked")
    static List<Golden> all() throws IOException {
        String yaml = Files.readString(DIRECTORY.resolve("cases.yaml"));
        List<Golden> goldens = new ArrayList<>();
        for (Object entry :
                (List<?>) new Load(LoadSettings.builder().build()).loadFromString(yaml)) {
            Map<String, Object> one = (Map<String, Object>) entry;
            Map<String, String> environment = new LinkedHashMap<>();
            ((Map<String, Object>) one.getOrDefault("env", Map.of()))
                    .forEach((name, value) -> environment.put(name, String.valueOf(value)));
            goldens.add(
                    new Golden(
                            String.valueOf(one.get("name")),
                            Boolean.TRUE.equals(one.get("ipv6")),
                            environment,
                            List.copyOf((List<String>) one.get("flags"))));
        }
        return goldens;
    }

    /** What this command writes for a case, and the exit code's line first if it is not 0. */
    static String ours(Golden golden, String backend, Path scratch) throws IOException {
        Path rules = scratch.resolve("ours");
        Files.deleteIfExists(rules);
        Map<String, String> environment = new LinkedHashMap<>(golden.environment());
        environment.put("DRY_RUN_FILE_PATH", rules.toString());
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        int exit =
                new IptablesCommand(
                                FakeHost.with(golden.ipv6(), environment, List.of()),
                                new HostPrograms(),
                                out,
                                out)
                        .run(golden.flags(backend));
        return exit == 0
                ? Files.readString(rules)
                : "exit " + exit + "\n" + log.toString(StandardCharsets.UTF_8);
    }
}
