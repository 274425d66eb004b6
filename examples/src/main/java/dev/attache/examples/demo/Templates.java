package dev.attache.examples.demo;

import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The YAML resources of the demo, with {@code ${…}} filled in. */
final class Templates {

    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    /** The text of a template. */
    static String text(String name, Map<String, ?> values) {
        String text;
        try (InputStream in = Templates.class.getResourceAsStream("/demo/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("no template " + name);
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Map.Entry<String, ?> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", String.valueOf(value.getValue()));
        }
        return text;
    }

    /** A template as the message that it is. */
    <T extends Message> T message(String name, T prototype, Map<String, ?> values) {
        return switch (loader.yaml(text(name, values), name + ".yaml", prototype, name)) {
            case Compiled.Ok<LoadedConfig<T>> ok -> ok.value().message();
            case Compiled.Rejected<LoadedConfig<T>> rejected ->
                    throw new IllegalStateException(rejected.summary());
        };
    }
}
