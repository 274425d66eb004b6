package dev.attache.agent;

import dev.attache.agent.bootstrap.BootstrapFile;
import dev.attache.agent.bootstrap.GrpcBootstrap;
import dev.attache.agent.bootstrap.node.AddressDiscovery;
import dev.attache.agent.bootstrap.node.CredentialSocket;
import dev.attache.agent.bootstrap.node.NetworkCards;
import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.bootstrap.node.NodeAddresses;
import dev.attache.agent.bootstrap.node.NodeFactory;
import dev.attache.agent.bootstrap.node.NodeSettings;
import dev.attache.agent.bootstrap.platform.PlatformProbe;
import dev.attache.agent.bootstrap.template.TemplateException;
import dev.attache.agent.command.EnvoyArguments;
import dev.attache.agent.command.NetworkFlags;
import dev.attache.agent.command.ProxyFlags;
import dev.attache.agent.command.VersionCommand;
import dev.attache.agent.dataplane.ProxyCommand;
import dev.attache.agent.document.DownwardApi;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.identity.spire.IdentitySocket;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.agent.mesh.ProxyConfigSources;
import dev.attache.server.lifecycle.ProcessUser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the {@link AgentPlan}: who the proxy is, by flags, variables and files, and its bootstrap.
 * One use each; blocks, while a cloud is asked for up to five seconds.
 */
final class AgentPlans {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String EXCLUDED = "traffic.sidecar.istio.io/excludeInterfaces";

    private final ProxyFlags flags;
    private final Environment environment;
    private final AgentFiles files;

    AgentPlans(ProxyFlags flags, Environment environment, AgentFiles files) {
        this.flags = flags;
        this.environment = environment;
        this.files = files;
    }

    /**
     * The plan; files that it names are written.
     *
     * @throws IOException if a file cannot be read or written, or the template is wrong
     * @throws IllegalArgumentException if a setting is wrong, with its name and what to do
     */
    AgentPlan make() throws IOException {
        ProxyConfig config = config();
        NetworkFlags network = flags.network().or(environment, config.proxyMetadata());
        AddressDiscovery discovery = new AddressDiscovery(new NetworkCards());
        NodeAddresses addresses = discovery.find(wishes(network));
        List<String> data = discovery.sources("--data-address", network.data());
        say(discovery.warnings());
        Node node = node(config, addresses);
        boolean proxied = !environment.truth("DISABLE_ENVOY", false);
        BootstrapFile.Written bootstrap = proxied ? bootstrap(node, config, data) : null;
        boolean foreign = IdentitySocket.find(environment, files).foreign();
        String certificates = foreign ? "" : environment.text("OUTPUT_CERTS", "");
        Path grpc = GrpcBootstrap.write(node, config, environment, files, certificates);
        LOG.atInfo()
                .addKeyValue("ips", addresses.all())
                .addKeyValue("type", flags.type())
                .addKeyValue("id", node.id())
                .log("Proxy role");
        return new AgentPlan(
                controlled(network, discovery),
                files,
                config,
                flags.type(),
                node.id(),
                node.id().substring(node.id().lastIndexOf('~') + 1),
                addresses.all(),
                bootstrap != null && bootstrap.ours() ? bootstrap.path() : null,
                grpc,
                bootstrap == null ? null : command(bootstrap.path(), config, addresses),
                flags.separate(),
                flags.profiling());
    }

    /** The variables, with the addresses that the control plane is connected to from. */
    private Environment controlled(NetworkFlags network, AddressDiscovery discovery) {
        if (network.controlPlane().isEmpty()) {
            return environment;
        }
        Map<String, String> all = environment.startingWith("");
        all.put(
                "ATTACHE_CONTROL_PLANE_ADDRESS",
                String.join(
                        ",", discovery.sources("--control-plane-address", network.controlPlane())));
        return new Environment(all);
    }

    private ProxyConfig config() {
        ProxyConfigSources sources = new ProxyConfigSources(environment, files);
        ProxyConfig config =
                sources.resolve(flags.meshConfig(), flags.serviceCluster(), flags.concurrency());
        say(sources.warnings());
        LOG.info("Effective config: {}", config.toJson());
        return flags.templateFile().isEmpty() || !config.customConfigFile().isEmpty()
                ? config
                : config.with("proxyBootstrapTemplatePath", flags.templateFile());
    }

    private AddressDiscovery.Wishes wishes(NetworkFlags network) {
        String excluded = "";
        try {
            excluded = DownwardApi.read(files.podAnnotations()).getOrDefault(EXCLUDED, "");
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("no annotations that exclude interfaces", e);
        }
        return new AddressDiscovery.Wishes(
                network.advertised(),
                environment.text("INSTANCE_IP", ""),
                network.interfaces(),
                Arrays.stream(excluded.split(",")).filter(name -> !name.isEmpty()).toList());
    }

    private Node node(ProxyConfig config, NodeAddresses addresses) throws IOException {
        NodeFactory factory = new NodeFactory(environment, files);
        Node node =
                factory.make(
                        new NodeSettings(
                                flags.type(),
                                flags.domain(),
                                addresses,
                                config,
                                new PlatformProbe(environment, addresses.hasV6()).find(),
                                flags.outlierLogPath(),
                                flags.stsPort(),
                                CredentialSocket.answers(files),
                                IdentitySocket.find(environment, files).foreign(),
                                VersionCommand.ISTIO_VERSION));
        say(factory.warnings());
        return node;
    }

    private BootstrapFile.Written bootstrap(Node node, ProxyConfig config, List<String> data)
            throws IOException {
        BootstrapFile file = new BootstrapFile(environment, files);
        try {
            BootstrapFile.Written written = file.write(node, config, flags.log().json(), data);
            say(file.warnings());
            return written;
        } catch (TemplateException e) {
            throw new IOException("failed to generate bootstrap config: " + e.getMessage(), e);
        }
    }

    private ProxyCommand command(Path bootstrap, ProxyConfig config, NodeAddresses addresses) {
        EnvoyArguments arguments = new EnvoyArguments(environment, files);
        List<String> all =
                arguments.list(bootstrap, config, flags, addresses.onlyV6() && !addresses.onlyV4());
        say(arguments.warnings());
        boolean asIstioUser =
                root() && environment.text("DNS_PROXY_ADDR", "localhost:15053").endsWith(":53");
        return new ProxyCommand(
                Path.of(config.binaryPath()), all, arguments.variables(), asIstioUser);
    }

    private static boolean root() {
        try {
            return ProcessUser.number() == 0;
        } catch (IOException e) {
            LOG.debug("who runs this process cannot be read", e);
            return false;
        }
    }

    private static void say(List<String> warnings) {
        warnings.forEach(LOG::warn);
    }
}
