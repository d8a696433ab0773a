package io.yima.wechat;

import org.jspecify.annotations.Nullable;

/**
 * How often a merchant's interface may be called a day, as WeChat says [QGET].
 *
 * @param used today; null when WeChat left it out or said what is no count, likewise {@code remain}
 */
public record ApiQuota(long dailyLimit, @Nullable Long used, @Nullable Long remain) {}
