"""Where does everything stand: places, units, people, village officers, relatives?"""
