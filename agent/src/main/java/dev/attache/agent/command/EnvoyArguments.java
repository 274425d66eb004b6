package dev.attache.agent.command;

import dev.attache.agent.bootstrap.template.Template;
import dev.attache.agent.document.Yaml;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line of the proxy, as pilot-agent gives it to Envoy. One use each. */
public final class EnvoyArguments {

    private static final String CIPHERS =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
                    + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

    private final Environment environment;
    private final AgentFiles files;
    private final List<String> warnings = new ArrayList<>();

    public EnvoyArguments(Environment environment, AgentFiles files) {
        this.environment = environment;
        this.files = files;
    }

    /**
     * The arguments.
     *
     * @param bootstrap the file
     * @param v6Only whether the proxy has addresses of IPv6 alone
     */
    public List<String> list(Path bootstrap, ProxyConfig config, ProxyFlags flags, boolean v6Only) {
        Duration flush = config.fileFlushInterval();
        List<String> all = new ArrayList<>();
        add(all, "-c", bootstrap.toString());
        add(all, "--drain-time-s", Long.toString(config.drainDuration().getSeconds()));
        add(all, "--drain-strategy", "immediate");
        add(all, "--local-address-ip-version", v6Only ? "v6" : "v4");
        add(
                all,
                "--file-flush-interval-msec",
                Long.toString(flush == null ? 1000 : flush.toMillis()));
        all.add("--disable-hot-restart");
        all.add("--allow-unknown-static-fields");
        if (config.fileFlushMinSizeKb() > 0) {
            add(all, "--file-flush-min-size-kb", Integer.toString(config.fileFlushMinSizeKb()));
        }
        levels(all, flags);
        if (environment.truth("ENVOY_SKIP_DEPRECATED_LOGS", true)) {
            all.add("--skip-deprecated-logs");
        }
        if (environment.truth("ISTIO_ENVOY_ENABLE_CORE_DUMP", false)) {
            all.add("--enable-core-dump");
        }
        String override = override();
        if (!override.isEmpty()) {
            add(all, "--config-yaml", override);
        }
        if (config.concurrency() > 0) {
            add(all, "--concurrency", Integer.toString(config.concurrency()));
        }
        return all;
    }

    /** Variables that the proxy has besides the agent's own. */
    public Map<String, String> variables() {
        return switch (environment.text("COMPLIANCE_POLICY", "")) {
            case "fips-140-2", "fips-140-3" -> Map.of("GRPC_SSL_CIPHER_SUITES", CIPHERS);
            default -> Map.of();
        };
    }

    /** What has no effect, in words. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void levels(List<String> all, ProxyFlags flags) {
        String level = "";
        List<String> components = new ArrayList<>();
        for (String part : flags.proxyLogLevel().split(",", -1)) {
            switch (part.split(":", -1).length) {
                case 1 -> level = part;
                case 2 -> components.add(part);
                default -> warnings.add("dropping invalid log level: " + part);
            }
        }
        if (!level.isEmpty()) {
            add(all, "-l", level);
        }
        String stated =
                components.isEmpty()
                        ? flags.proxyComponentLogLevel()
                        : String.join(",", components);
        if (!stated.isEmpty()) {
            add(all, "--component-log-level", stated);
        }
    }

    /** The file of {@code ISTIO_BOOTSTRAP_OVERRIDE} as JSON; empty where there is none. */
    private String override() {
        String name = environment.text("ISTIO_BOOTSTRAP_OVERRIDE", "");
        if (name.isEmpty()) {
            return "";
        }
        try {
            String text = Files.readString(files.at(name));
            String host = environment.text("HOST_IP", "");
            if (host.indexOf(':') >= 0) {
                host = "[" + host + "]";
                text = text.replace("[$(HOST_IP)]", host);
            }
            return Template.json(Yaml.parse(name, text.replace("$(HOST_IP)", host)));
        } catch (IOException | IllegalArgumentException e) {
            warnings.add("ISTIO_BOOTSTRAP_OVERRIDE " + name + " has no effect: " + e.getMessage());
            return "";
        }
    }

    private static void add(List<String> all, String flag, String value) {
        all.add(flag);
        all.add(value);
    }
}
