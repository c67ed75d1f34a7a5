using Opinion.Cli;

return OpinionCommand.Run(args, CommandStreams.OfProcess());
