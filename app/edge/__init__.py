"""The forwarder of a site: takes readings as the centre does, holds them on disk, brings them until it is answered."""
