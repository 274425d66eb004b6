package dev.attache.agent;

import dev.attache.agent.command.LogFlags;
import dev.attache.agent.command.ProxyFlags;
import dev.attache.agent.command.UsageException;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.server.lifecycle.Version;
import dev.attache.server.log.LogLevel;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** {@code proxy}: runs an agent until it ends, or a signal ends it. */
final class ProxyRun {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    /** As Istio's agent names the parts of its lines, and as the bootstrap has the proxy do. */
    private static final Map<String, String> JSON =
            Map.of(
                    "time", "%Y-%m-%dT%T.%fZ",
                    "level", "%l",
                    "scope", "%n",
                    "msg", "%j",
                    "caller", "%g:%#",
                    "thread", "%t");

    private ProxyRun() {}

    static int run(PrintStream out, PrintStream err, String... arguments) {
        try {
            ProxyFlags flags = ProxyFlags.parse(arguments);
            log(flags.log());
            AgentPlan plan =
                    new AgentPlans(flags, Environment.ofProcess(), AgentFiles.ofProcess()).make();
            try (Agent agent = new Agent(plan)) {
                signals(agent);
                agent.run();
            }
            return 0;
        } catch (ProxyFlags.HelpWanted e) {
            out.print(ProxyFlags.USAGE);
            return 0;
        } catch (IOException | UsageException | IllegalArgumentException e) {
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

    /** The log as flags want it; standard error, where the proxy's lines go too, is the default. */
    private static void log(LogFlags flags) throws IOException {
        LogLevel level =
                switch (flags.level()) {
                    case "fatal" -> LogLevel.CRITICAL;
                    case "none" -> LogLevel.OFF;
                    default -> LogLevel.byName(flags.level());
                };
        if (level != null) {
            Logging.setLevel("agent", level);
        }
        if (flags.json()) {
            Logging.setJsonFormat(JSON, Version.fiveParts());
        }
        if (!flags.targets().isEmpty()) {
            Logging.setPath(flags.targets().getFirst());
        }
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
