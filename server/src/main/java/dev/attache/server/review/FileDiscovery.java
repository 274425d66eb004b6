package dev.attache.server.review;

import dev.attache.config.Compiled;
import dev.attache.config.SourceFiles;
import dev.attache.config.load.LoadedConfig;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Resources of files; what a control plane has is left to it. Each file is read once. */
public final class FileDiscovery implements Discovery {

    private record Key(String file, ResourceType type) {}

    private final Function<Path, Compiled<LoadedConfig<DiscoveryResponse>>> reader;
    private final Map<Key, DiscoveryFile> files = new LinkedHashMap<>();

    /**
     * @param reader reads a file of resources
     */
    public FileDiscovery(Function<Path, Compiled<LoadedConfig<DiscoveryResponse>>> reader) {
        this.reader = reader;
    }

    @Override
    public @Nullable List<Given> find(
            ResourceType type, String name, ConfigSource source, Configuration into) {
        String path = SourceFiles.name(source);
        if (path == null) {
            return null;
        }
        DiscoveryFile file =
                files.computeIfAbsent(
                        new Key(path, type),
                        key -> new DiscoveryFile(type, reader.apply(Path.of(path)), into));
        return name.isEmpty() ? file.all() : file.named(name, into);
    }

    @Override
    public void endOfQuestions(Configuration into) {
        files.values().forEach(file -> file.warnOfUnasked(into));
    }
}
