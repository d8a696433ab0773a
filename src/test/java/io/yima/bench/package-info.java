/**
 * The benchmark: what {@code ./mvnw -Pbench verify} measures, and against whom.
 *
 * <p>Every contender is a process of its own with the same options for Java, calls the same stub of
 * WeChat ({@link io.yima.bench.WeChatStub}, again a process of its own), and is measured by that
 * stub's figures and not by its own words. Ours is the packaged application on the embedded
 * PostgreSQL. {@link io.yima.bench.Benchmark} runs the scenarios, which are the rows of the goals;
 * {@code docs/benchmarks.md} says how to read what it writes.
 */
package io.yima.bench;
