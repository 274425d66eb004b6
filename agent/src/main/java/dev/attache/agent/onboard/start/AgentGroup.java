package dev.attache.agent.onboard.start;

import dev.attache.agent.onboard.machine.Account;
import java.io.IOException;

/**
 * While it is open this process acts for the group of the agent, whose traffic redirection leaves
 * alone: where the machine is redirected already, others reach the proxy, or nobody where no agent
 * runs. All threads (setegid(2) of the C library). Closed by whoever entered it.
 */
public final class AgentGroup implements AutoCloseable {
    private final int before;

    private AgentGroup(int before) {
        this.before = before;
    }

    /**
     * Acts for it; root may.
     *
     * @throws IOException if this process may not
     */
    public static AgentGroup enter(Account account) throws IOException {
        return enter(account.group());
    }

    private static AgentGroup enter(int group) throws IOException {
        ProcessImage image = new ProcessImage();
        AgentGroup entered = new AgentGroup(image.group());
        image.actFor(group);
        return entered;
    }

    @Override
    public void close() throws IOException {
        new ProcessImage().actFor(before);
    }
}
