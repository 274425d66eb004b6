package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.bootstrap.template.Template;
import dev.attache.agent.bootstrap.template.TemplateException;
import dev.attache.agent.bootstrap.template.function.TemplateFunction;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the bootstrap of the proxy from a template: that which {@code ISTIO_BOOTSTRAP} names, else
 * ProxyConfig ({@code --templateFile} sets it), else the one that Istio's images have, else our
 * own. A {@code customConfigFile} is no template: it is the bootstrap, and nothing is written. One
 * use each; blocks.
 */
public final class BootstrapFile {

    private static final String IMAGE_TEMPLATE = "./var/lib/istio/envoy/envoy_bootstrap_tmpl.json";
    private static final String OWN_TEMPLATE = "bootstrap.json.tmpl";

    private final Environment environment;
    private final AgentFiles files;
    private final List<String> warnings = new ArrayList<>();

    /**
     * A bootstrap that is there.
     *
     * @param path as the proxy is told it
     * @param ours whether it was written here and goes when the agent ends
     */
    public record Written(Path path, boolean ours) {

        /** Removes what was written here. */
        public void remove() throws IOException {
            if (ours) {
                Files.deleteIfExists(path);
            }
        }
    }

    public BootstrapFile(Environment environment, AgentFiles files) {
        this.environment = environment;
        this.files = files;
    }

    /**
     * Writes it.
     *
     * @param logJson whether the proxy's log is JSON
     * @param dataAddresses what connections of the proxy are bound to; empty for what routes say
     * @throws TemplateException if the template cannot be read or carried out, with line and action
     * @throws IOException if a file cannot be read or written
     * @throws IllegalArgumentException if an address of a service cannot be read
     */
    public Written write(Node node, ProxyConfig config, boolean logJson, List<String> dataAddresses)
            throws IOException, TemplateException {
        if (!config.customConfigFile().isEmpty()) {
            return new Written(files.at(config.customConfigFile()), false);
        }
        Path directory = files.at(config.configPath());
        PrivateDirectories.create(directory);
        String template = templateName(config);
        boolean yaml = template.endsWith(".yaml") || template.endsWith(".yaml.tmpl");
        Path file = directory.resolve(yaml ? "envoy-rev.yaml" : "envoy-rev.json");
        token(config, directory);
        replace(file, text(node, config, logJson, dataAddresses));
        return new Written(file, true);
    }

    /** What the template makes of it; see {@link #write}. */
    String text(Node node, ProxyConfig config, boolean logJson, List<String> dataAddresses)
            throws IOException, TemplateException {
        BootstrapParameters parameters = new BootstrapParameters(node, config, environment);
        Map<String, Object> all = parameters.all(logJson, dataAddresses);
        warnings.addAll(parameters.warnings());
        String name = templateName(config);
        try {
            return Template.parse("bootstrap", source(name), functions()).execute(all);
        } catch (TemplateException e) {
            String file = name.isEmpty() ? OWN_TEMPLATE : name;
            throw new TemplateException(e.getMessage() + " (file " + file + ")", e);
        }
    }

    /** What has no effect, in words. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Empty for our own. */
    private String templateName(ProxyConfig config) {
        String named = environment.text("ISTIO_BOOTSTRAP", "");
        if (!named.isEmpty()) {
            return named;
        }
        named = config.proxyBootstrapTemplatePath();
        return named.isEmpty() && Files.isRegularFile(files.at(IMAGE_TEMPLATE))
                ? IMAGE_TEMPLATE
                : named;
    }

    private String source(String name) throws IOException {
        if (!name.isEmpty()) {
            return Files.readString(files.at(name), StandardCharsets.UTF_8);
        }
        try (InputStream own = BootstrapFile.class.getResourceAsStream(OWN_TEMPLATE)) {
            if (own == null) {
                throw new IOException("the template " + OWN_TEMPLATE + " is not with the classes");
            }
            return new String(own.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Map<String, TemplateFunction> functions() {
        return Map.of(
                "toJSON",
                TemplateFunction.of(
                        "a",
                        given ->
                                given.getFirst() == Json.NULL
                                        ? "{}"
                                        : Template.json(given.getFirst())),
                "env",
                TemplateFunction.of("s", given -> environment.text((String) given.getFirst(), "")));
    }

    private static void token(ProxyConfig config, Path directory) throws IOException {
        Map<String, Object> tracing = config.message("tracing");
        Map<String, Object> lightstep =
                tracing == null ? null : ProxyConfig.message(tracing, "lightstep");
        if (lightstep != null) {
            replace(
                    directory.resolve(ServiceParameters.LIGHTSTEP_FILE),
                    String.valueOf(lightstep.getOrDefault("accessToken", "")));
        }
    }

    /** Whoever reads the file sees all of it, or what was there before. */
    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, text, StandardCharsets.UTF_8);
        Files.move(
                next,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
