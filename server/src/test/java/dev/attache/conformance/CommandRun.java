package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A case that runs the proxy's command line to its end: {@code --mode validate}, {@code --version}.
 */
final class CommandRun {
    private static final Pattern LOG_PREFIX =
            Pattern.compile(
                    "^\\[[0-9-]+ [0-9:.]+]\\[[0-9]+]\\[([a-z]+)]\\[([a-z0-9_]+)] (\\[[^]]*] )?");
    private final Map<String, Object> spec;
    private final Path binary;
    private final Path directory;
    private final Normaliser normaliser;

    CommandRun(Map<String, Object> spec, Path binary, Path directory, Normaliser normaliser) {
        this.spec = spec;
        this.binary = binary;
        this.directory = directory;
        this.normaliser = normaliser;
    }

    void play(Observation observation) throws IOException, InterruptedException {
        List<String> arguments = Tree.strings(spec.get("arguments"));
        ProxyProcess.Finished end = ProxyProcess.run(binary, directory, arguments);
        observation.put("exit code", String.valueOf(end.exitCode()));
        observation.put("out", select(end.out()));
        observation.put("err", select(end.err()));
    }

    /** The lines the case asks for, without the time and source position of log lines. */
    private String select(String text) {
        Pattern wanted = Pattern.compile(Tree.text(spec.get("lines"), "."));
        return text.lines()
                .map(line -> LOG_PREFIX.matcher(line).replaceFirst("[$1][$2] "))
                .filter(line -> wanted.matcher(line).find())
                .map(normaliser::text)
                .collect(Collectors.joining("\n"));
    }
}
