package io.yima.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * How to start a sandbox.
 *
 * @param port 0 for any that is free
 * @param stateFile where to remember everything, or null to remember it in memory only
 * @param clock what time it is; {@code POST /sandbox/clock} moves it further
 */
public record SandboxOptions(int port, @Nullable Path stateFile, Clock clock) {}
