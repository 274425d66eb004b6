package dev.attache.agent;

import dev.attache.agent.dataplane.ProxyCommand;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.agent.mesh.ProxyConfigSources;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** {@code proxy}: runs an agent until it ends, or a signal ends it. */
final class ProxyRun {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private ProxyRun() {}

    static int run(PrintStream out, PrintStream err, String... arguments) {
        try {
            AgentPlan plan = plan(arguments);
            try (Agent agent = new Agent(plan)) {
                signals(agent);
                agent.run();
            }
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("{}", e.getMessage());
            Logging.flush();
            err.println("Error: " + e.getMessage());
            return AgentMain.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return AgentMain.FAILED;
        } finally {
            Logging.flush();
        }
    }

    private static AgentPlan plan(String... arguments) throws IOException {
        Environment environment = Environment.ofProcess();
        AgentFiles files = AgentFiles.ofProcess();
        ProxyConfig config =
                new ProxyConfigSources(environment, files)
                        .resolve("./etc/istio/config/mesh", "istio-proxy", 0);
        ProxyCommand command =
                new ProxyCommand(
                        Path.of(config.binaryPath()),
                        List.of(
                                "-c",
                                config.customConfigFile(),
                                "--drain-time-s",
                                "45",
                                "--drain-strategy",
                                "immediate",
                                "--local-address-ip-version",
                                "v4",
                                "--file-flush-interval-msec",
                                "1000",
                                "--disable-hot-restart",
                                "--allow-unknown-static-fields",
                                "-l",
                                "warning",
                                "--component-log-level",
                                "misc:error",
                                "--skip-deprecated-logs",
                                "--concurrency",
                                "1"),
                        Map.of(),
                        false);
        return new AgentPlan(
                environment,
                files,
                config,
                arguments.length > 0 ? arguments[0] : "sidecar",
                "",
                "",
                List.of(environment.text("INSTANCE_IP", "")),
                null,
                null,
                environment.truth("DISABLE_ENVOY", false) ? null : command,
                List.of(arguments).contains("--separate"),
                true);
    }

    private static void signals(Agent agent) {
        Map.of("TERM", "terminated", "INT", "interrupt")
                .forEach((name, word) ->
                        Signal.handle(
                                new Signal(name),
                                signal -> agent.shutdown("received signal: " + word)));
        Signal.handle(new Signal("USR1"), signal -> agent.reopenLogs());
        Signal.handle(new Signal("HUP"), signal -> LOG.info("SIGHUP has no effect"));
    }
}
