package dev.attache.agent.health;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code exec}: well is a program that ends with 0, as the user that the agent runs as. */
record ExecProbe(List<String> command) implements Probe {

    ExecProbe {
        command = List.copyOf(command);
    }

    @Override
    public void ask(Duration limit) throws UnwellException, InterruptedException {
        Process process;
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw new UnwellException("exec: " + e.getMessage());
        }
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UnwellException("command timeout exceeded: signal: killed");
            }
            if (process.exitValue() != 0) {
                throw new UnwellException("exit status " + process.exitValue());
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
