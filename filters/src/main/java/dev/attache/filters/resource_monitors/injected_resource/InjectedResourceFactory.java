package dev.attache.filters.resource_monitors.injected_resource;

import dev.attache.config.Compiled;
import dev.attache.config.core.FileNames;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.overload.ResourceMonitorSpec;
import io.envoyproxy.envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pressure that a file says. */
public final class InjectedResourceFactory
        implements ExtensionCompiler<InjectedResourceConfig, ResourceMonitorSpec> {
    @Override
    public InjectedResourceConfig prototype() {
        return InjectedResourceConfig.getDefaultInstance();
    }

    @Override
    public Compiled<ResourceMonitorSpec> compile(
            InjectedResourceConfig proto, CompileContext context) {
        Path file = FileNames.path(proto.getFilename(), context.at("filename"));
        if (file == null) {
            return context.result(null);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            context.at("filename")
                    .error(
                            "unable to add filesystem watch for file %s: No such file or directory"
                                    .formatted(file));
            return context.result(null);
        }
        return context.result(() -> new InjectedResourceMonitor(file));
    }
}
