package dev.attache.server.assembly;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.Refusals;
import dev.attache.config.SourceMap;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.server.flags.ServerOptions;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the bootstrap that the options name: a file, inline YAML, or both merged. */
final class BootstrapReader {

    private static final String RESOURCE = "bootstrap";

    private BootstrapReader() {}

    /**
     * What cannot be read is told with all else that is wrong when the bootstrap is compiled.
     *
     * @param warnings takes what is worth knowing: fields that are not known and may be skipped
     */
    static LoadedConfig<Bootstrap> read(
            ServerOptions options, TypeRegistry types, List<Diagnostic> warnings)
            throws StartupException {
        if (options.configPath().isEmpty() && options.configYaml().isEmpty()) {
            throw new StartupException(
                    "At least one of --config-path or --config-yaml or Options::configProto()"
                            + " should be non-empty");
        }
        ConfigLoader loader =
                new ConfigLoader(
                                types,
                                options.allowUnknownStaticFields()
                                        ? UnknownFieldPolicy.WARN
                                        : UnknownFieldPolicy.REJECT)
                        .keepGoing();
        List<Diagnostic> unread = new ArrayList<>();
        Bootstrap prototype = Bootstrap.getDefaultInstance();
        Bootstrap merged = prototype;
        SourceMap positions = SourceMap.NONE;
        if (!options.configPath().isEmpty()) {
            Path file = Path.of(options.configPath());
            if (Files.notExists(file)) {
                throw new StartupException("Invalid path: " + options.configPath());
            }
            LoadedConfig<Bootstrap> loaded =
                    require(loader.load(file, prototype, RESOURCE), warnings);
            merged = loaded.message();
            positions = loaded.positions();
            unread.addAll(loaded.errors());
        }
        if (!options.configYaml().isEmpty()) {
            LoadedConfig<Bootstrap> loaded =
                    require(
                            loader.yaml(options.configYaml(), "--config-yaml", prototype, RESOURCE),
                            warnings);
            unread.addAll(loaded.errors());
            if (options.configPath().isEmpty()) {
                merged = loaded.message();
                positions = loaded.positions();
            } else {
                merged = merged.toBuilder().mergeFrom(loaded.message()).build();
            }
        }
        Bootstrap taken = options.explain().offline() ? OfflineBootstrap.of(merged) : merged;
        return new LoadedConfig<>(taken, positions, unread);
    }

    private static <T> T require(Compiled<T> compiled, List<Diagnostic> warnings)
            throws StartupException {
        if (compiled instanceof Compiled.Rejected<T> rejected) {
            throw new StartupException(text(rejected.errors()));
        }
        warnings.addAll(compiled.warnings());
        return compiled.orThrow();
    }

    static String text(List<Diagnostic> errors) {
        return Refusals.text(errors);
    }
}
