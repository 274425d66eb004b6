package dev.attache.filters;

import dev.attache.config.Compiled;
import dev.attache.config.bootstrap.BootstrapCompiler;
import dev.attache.config.bootstrap.CompiledBootstrap;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.nio.file.Path;

/** A bootstrap through the loader and the compiler, as {@code --mode validate} does it. */
final class BootstrapFixture {
    private final ConfigFixture fixture = new ConfigFixture();
    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT).keepGoing();

    Compiled<CompiledBootstrap> file(Path file) {
        return compile(loader.load(file, Bootstrap.getDefaultInstance(), "bootstrap"));
    }

    Compiled<CompiledBootstrap> yaml(String text) {
        return compile(loader.yaml(text, "test.yaml", Bootstrap.getDefaultInstance(), "bootstrap"));
    }

    private Compiled<CompiledBootstrap> compile(Compiled<LoadedConfig<Bootstrap>> loaded) {
        return switch (loaded) {
            case Compiled.Ok<LoadedConfig<Bootstrap>> ok ->
                    BootstrapCompiler.compile(ok.value(), fixture.settings().withNode(false));
            case Compiled.Rejected<LoadedConfig<Bootstrap>> rejected ->
                    new Compiled.Rejected<>(rejected.errors());
        };
    }
}
